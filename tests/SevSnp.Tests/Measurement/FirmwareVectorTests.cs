using System.Security.Cryptography;
using SevSnp.Firmware;
using SevSnp.Measurement;

namespace SevSnp.Tests.Measurement;

/// <summary>Every launch, refusal, save area, hash table and trace of the manifest.</summary>
public sealed class FirmwareVectorTests
{
    public static TheoryData<string> Files => FirmwareVectors.Names(m => m.Files.Select(f => f.Path));

    public static TheoryData<string> Cases => FirmwareVectors.Names(m => m.Cases.Select(c => c.Id!));

    public static TheoryData<string> Refusals => FirmwareVectors.Names(m => m.Refusals.Select(r => r.Id));

    public static TheoryData<string> VmsaPages => FirmwareVectors.Names(m => m.VmsaPages.Select(v => v.Id));

    public static TheoryData<string> HashTables => FirmwareVectors.Names(m => m.KernelHashTables.Select(t => t.Id));

    public static TheoryData<string> Traces => FirmwareVectors.Names(m => m.Traces);

    [Fact]
    public void Manifest_IsWhole()
    {
        FirmwareVectors.SkipWithout();
        FirmwareManifest manifest = FirmwareVectors.Manifest;

        Assert.Equal(1, manifest.Format);
        Assert.Equal(
            (40, 58, 35, 12, 4, 5),
            (manifest.Files.Count, manifest.Cases.Count, manifest.Refusals.Count, manifest.VmsaPages.Count, manifest.KernelHashTables.Count, manifest.Traces.Count));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_IsTheOneOfTheManifest(string path)
    {
        FirmwareVectors.SkipWithout();
        FirmwareFile file = FirmwareVectors.Manifest.Files.Single(f => f.Path == path);
        byte[] bytes = FirmwareVectors.Fixture(path["fixtures/".Length..]);

        Assert.Equal((file.Bytes, file.Sha256), (bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void T88_Launch_GivesItsDigest(string id)
    {
        FirmwareVectors.SkipWithout();
        FirmwareCase given = FirmwareVectors.Manifest.Cases.Single(c => c.Id == id);
        if (given.Mode == "snp:ovmf-hash")
        {
            Assert.True(FirmwareImage.TryParse(FirmwareVectors.Fixture(given.Firmware), out FirmwareImage? image, out _));
            Assert.Equal(given.Expect!.Digest, FirmwareMeasurer.MeasureFirmware(image).ToString());
            return;
        }

        Assert.True(FirmwareVectors.TryMeasure(given, out LaunchMeasurement? measurement, out FirmwareFault fault), fault.ToString());
        Assert.Equal(given.Expect!.Digest, measurement!.Digest.ToString());
        Assert.Equal(measurement.Digest, measurement.Steps[^1].DigestAfter);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void CpuOfALaunch_HasItsSignature(string id)
    {
        FirmwareVectors.SkipWithout();
        if (FirmwareVectors.Manifest.Cases.Single(c => c.Id == id).Cpu is not { } cpu)
        {
            return;
        }

        VcpuSignature expected = new((uint)FirmwareVectors.Number(cpu.Signature));
        if (cpu.Type is { } type)
        {
            Assert.True(VcpuSignature.TryFromType(type, out VcpuSignature found), $"unknown CPU type {type}");
            Assert.Equal(expected, found);
        }

        if (cpu is { Family: { } family, Model: { } model, Stepping: { } stepping })
        {
            Assert.Equal(expected, VcpuSignature.Of(family, model, stepping));
        }
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Refusal_NamesItsRule(string id)
    {
        FirmwareVectors.SkipWithout();
        FirmwareRefusal refusal = FirmwareVectors.Manifest.Refusals.Single(r => r.Id == id);

        Assert.False(FirmwareVectors.TryMeasure(refusal.Args, out LaunchMeasurement? measurement, out FirmwareFault fault));
        Assert.Null(measurement);
        Assert.Equal(refusal.Expect.Refused!.Replace('-', '_').ToUpperInvariant(), fault.Id.WireName());
        Assert.Contains(fault.Rule, fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(VmsaPages))]
    public void SaveArea_HasItsBytes(string id)
    {
        FirmwareVectors.SkipWithout();
        VmsaVector vector = FirmwareVectors.Manifest.VmsaPages.Single(v => v.Id == id);
        byte[] expected = new byte[LaunchDigest.PageSize];
        foreach (System.Text.Json.JsonElement run in vector.NonZero)
        {
            Convert.FromHexString(run[1].GetString()!).CopyTo(expected, run[0].GetInt32());
        }

        byte[] page = new byte[LaunchDigest.PageSize];
        page.AsSpan().Fill(0xAA);
        VmsaTemplate template = FirmwareProfile.All.Single(p => p.Name == (vector.Profile == "snp:svsm" ? "stage1" : vector.Profile)).Vmsa;
        VmsaInputs inputs = new(
            (uint)FirmwareVectors.Number(vector.EntryPoint),
            vector.Role == "bsp",
            new VcpuSignature(vector.CpuSignature is { } signature ? (uint)FirmwareVectors.Number(signature) : 0xDEAD),
            (SevFeatures)FirmwareVectors.Number(vector.GuestFeatures),
            FirmwareVectors.Fpu(vector.FpuState));
        VmsaPage.Write(page, template, inputs);

        Assert.Equal(Convert.ToHexStringLower(expected), Convert.ToHexStringLower(page));
        Assert.Equal(vector.Sha384, Convert.ToHexStringLower(SHA384.HashData(page)));
    }

    [Theory]
    [MemberData(nameof(HashTables))]
    public void KernelHashes_HaveTheirBytes(string id)
    {
        FirmwareVectors.SkipWithout();
        KernelHashesVector vector = FirmwareVectors.Manifest.KernelHashTables.Single(t => t.Id == id);
        Assert.True(KernelHashes.TryCreate(
            FirmwareVectors.Sha256(vector.Kernel), FirmwareVectors.Sha256(vector.Initrd), vector.Append, out KernelHashes? hashes, out _));
        byte[] page = new byte[LaunchDigest.PageSize];
        hashes!.ToArray().CopyTo(page, 0xC00);

        Assert.Equal(vector.Table, Convert.ToHexStringLower(hashes.ToArray()));
        Assert.Equal(vector.PageAtOffset0xc00Sha384, LaunchDigest.HashPage(page).ToString());
    }

    [Theory]
    [MemberData(nameof(Traces))]
    public void T88_Steps_AreThoseOfTheTrace(string file)
    {
        FirmwareVectors.SkipWithout();
        FirmwareTrace trace = FirmwareVectors.Read<FirmwareTrace>(file);
        Assert.True(FirmwareVectors.TryMeasure(FirmwareVectors.Manifest.Cases.Single(c => c.Id == trace.Case), out LaunchMeasurement? measurement, out _));

        Assert.Equal(trace.TotalSteps, measurement!.Steps.Count);
        Assert.Equal(trace.TotalSteps, measurement.PageCount);
        Assert.Equal(trace.Complete, trace.Steps.Count == trace.TotalSteps);
        Assert.All(trace.Steps, expected =>
        {
            LaunchStep step = measurement.Steps[expected.N];
            Assert.Equal((PageType)expected.PageType, step.Type);
            Assert.Equal(FirmwareVectors.Number(expected.Gpa), step.Gpa);
            Assert.Equal(expected.Contents, step.Contents.ToString());
            Assert.Equal(expected.DigestAfter, step.DigestAfter.ToString());
        });
    }
}
