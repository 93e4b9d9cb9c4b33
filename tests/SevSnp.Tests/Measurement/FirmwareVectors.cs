using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SevSnp.Firmware;
using SevSnp.Measurement;
using SevSnp.Primitives;
using Verifier.TestKit;

namespace SevSnp.Tests.Measurement;

/// <summary>
/// The vectors for launches without IGVM. They carry third parties' firmware and so are never in this repository. A member that is not
/// known here fails the run, so that no vector can be half read.
/// </summary>
internal static class FirmwareVectors
{
    private const string Absent = "(no vectors)";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly Lazy<FirmwareManifest> LazyManifest = new(() => Read<FirmwareManifest>("manifest.json"));

    public static bool IsPresent => File.Exists(Vectors.Path("firmware", "manifest.json"));

    public static FirmwareManifest Manifest => LazyManifest.Value;

    public static TheoryData<string> Names(Func<FirmwareManifest, IEnumerable<string>> ids) => IsPresent ? [.. ids(Manifest)] : [Absent];

    public static void SkipWithout() => Assert.SkipUnless(IsPresent, Vectors.SkipReason);

    public static T Read<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(Vectors.Path("firmware", file)), Json)!;

    public static byte[] Fixture(string name) => File.ReadAllBytes(Vectors.Path("firmware", "fixtures", name));

    public static ulong Number(string hex) => ulong.Parse(hex.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static FpuState Fpu(string name) => FpuStates.All.Single(s => s.WireName() == name);

    public static HexBytes? Sha256(string? fixture) =>
        fixture is null ? null : new HexBytes(System.Security.Cryptography.SHA256.HashData(Fixture(fixture)));

    /// <summary>What every reading of a launch in the manifest does; the first refusal ends it.</summary>
    public static bool TryMeasure(FirmwareCase given, out LaunchMeasurement? measurement, out FirmwareFault fault)
    {
        measurement = null;
        FirmwareImage? svsm = null;
        if (!FirmwareImage.TryParse(Fixture(given.Firmware), out FirmwareImage? firmware, out fault)
            || (given.Svsm is { } file && !FirmwareImage.TryParse(Fixture(file), out svsm, out fault))
            || !KernelHashes.TryCreate(Sha256(given.Kernel), Sha256(given.Initrd), given.Append, out KernelHashes? kernel, out fault))
        {
            return false;
        }

        FirmwareLaunch launch = new()
        {
            Profile = Profile(given),
            Firmware = firmware,
            Svsm = svsm,
            VarsSize = given.VarsSize,
            Kernel = kernel,
            Vcpus = given.Vcpus ?? 1,
            Cpu = given.Cpu is { } cpu ? new VcpuSignature((uint)Number(cpu.Signature)) : null,
            Features = given.GuestFeatures is { } features ? (SevFeatures)Number(features) : SevFeatures.SnpActive,
            Fpu = given.FpuState is { } fpu ? Fpu(fpu) : null,
            VmsaGpa = given.VmsaGpa is { } gpa ? Number(gpa) : null,
            FirmwareDigest = given.FirmwareDigest is { } seed ? Seed(seed) : null,
        };
        return FirmwareMeasurer.TryMeasure(launch, keepSteps: true, out measurement, out fault);
    }

    // A seed that is no digest cannot be put into a launch at all; the zero digest is what the reader of digests gives for it.
    private static Digest384 Seed(string hex) => Digest384.TryParse(hex, out Digest384 digest) ? digest : default;

    // A stage 1 launch exists for QEMU alone, so another VMM's profile keeps its name and gets the SVSM's inputs.
    private static FirmwareProfile Profile(FirmwareCase given)
    {
        bool stage1 = given is { Mode: "snp:svsm", Vmm: "qemu" };
        Assert.True(given.Mode is "snp" or "snp:svsm", $"unknown mode {given.Mode}");
        Assert.True(FirmwareProfile.TryFromName(stage1 ? "stage1" : given.Vmm, out FirmwareProfile? profile), $"unknown VMM {given.Vmm}");
        return profile;
    }
}

internal sealed record FirmwareManifest(
    int Format,
    string About,
    IReadOnlyList<FirmwareFile> Files,
    IReadOnlyList<FirmwareCase> Cases,
    JsonElement LegacySevCases,
    IReadOnlyList<FirmwareRefusal> Refusals,
    IReadOnlyList<VmsaVector> VmsaPages,
    IReadOnlyList<KernelHashesVector> KernelHashTables,
    JsonElement IdBlocks,
    JsonElement Keys,
    JsonElement IdAuth,
    IReadOnlyList<string> Traces);

internal sealed record FirmwareFile(string Path, long Bytes, string Sha256);

internal sealed record FirmwareCpu(string Signature, string? Type = null, uint? Family = null, uint? Model = null, uint? Stepping = null);

internal sealed record FirmwareExpectation(string? Digest = null, string? Refused = null);

internal sealed record FirmwareCase(
    string Mode,
    string Firmware,
    string? Id = null,
    string? Vmm = null,
    int? Vcpus = null,
    FirmwareCpu? Cpu = null,
    string? GuestFeatures = null,
    string? Kernel = null,
    string? Initrd = null,
    string? Append = null,
    string? FpuState = null,
    string? VmsaGpa = null,
    string? FirmwareDigest = null,
    string? Svsm = null,
    long? VarsSize = null,
    FirmwareExpectation? Expect = null,
    string? ComputedBy = null,
    IReadOnlyList<string>? AlsoExpectedBy = null,
    string? Note = null);

internal sealed record FirmwareRefusal(string Id, FirmwareCase Args, FirmwareExpectation Expect, string Peer);

internal sealed record VmsaVector(
    string Id,
    string Profile,
    string FpuState,
    string? CpuSignature,
    string GuestFeatures,
    string EntryPoint,
    string Role,
    string Sha384,
    IReadOnlyList<JsonElement> NonZero,
    string ComputedBy);

internal sealed record KernelHashesVector(string Id, string Kernel, string? Initrd, string? Append, string Table, string PageAtOffset0xc00Sha384);

internal sealed record FirmwareTrace(string Case, int TotalSteps, bool Complete, IReadOnlyList<FirmwareTraceStep> Steps);

internal sealed record FirmwareTraceStep(int N, byte PageType, string Gpa, string Contents, string DigestAfter);
