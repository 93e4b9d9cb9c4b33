using System.Security.Cryptography;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;

namespace Verifier.Tests.Storage;

/// <summary>Reference values for the tests of the store.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static Digest384 Digest() => new(RandomNumberGenerator.GetBytes(Digest384.Size));

    public static StoredReferenceValue Value(string id, params Digest384[] digests) => Value("default", id, digests);

    public static StoredReferenceValue Value(string tenant, string id, Digest384[] digests, string image = "coconut-svsm", ReferenceState state = ReferenceState.Active) => new(
        tenant,
        id,
        new ReferenceValue
        {
            Name = $"tenants/{tenant}/referenceValues/{id}",
            Image = image,
            Version = "2026.11",
            Kind = LaunchKind.SvsmIgvm,
            State = state,
            Origin = ReferenceOrigin.Asserted,
            Measurements = [.. (digests.Length == 0 ? [Digest()] : digests).Select(d => new ReferenceMeasurement(d, "qemu-kvm", 4))],
            Constraints = Constraints.None,
        },
        Provenance.None,
        "registrar",
        Noon,
        Noon,
        "",
        "");

    public static StateChange Activate(string id, string? etag = null) => Step(id, ReferenceState.Active, etag, ReferenceState.Pending, ReferenceState.Deprecated);

    public static StateChange Deprecate(string id, string? etag = null) => Step(id, ReferenceState.Deprecated, etag, ReferenceState.Active);

    public static StateChange Revoke(string id, string? etag = null, string reason = "key leaked") =>
        Step(id, ReferenceState.Revoked, etag, ReferenceState.Pending, ReferenceState.Active, ReferenceState.Deprecated) with { Reason = reason };

    /// <summary>Every member of every rule set, so that a forgotten one shows.</summary>
    public static Constraints EveryConstraint() => new()
    {
        MinReportVersion = 3,
        Vmpls = new HashSet<uint> { 0, 2 },
        GuestPolicy = new(GuestPolicyBits.Smt, GuestPolicyBits.Debug | GuestPolicyBits.MigrateMa, 1, 55),
        PlatformInfo = new(PlatformInfoBits.AliasCheckComplete, (PlatformInfoBits)(1UL << 63)),
        Signer = new SignerRule.Pinned(new HashSet<Digest384> { Digest(), Digest() }, new HashSet<Digest384> { Digest() })
        {
            MinGuestSvn = 7,
            FamilyId = new HexBytes(RandomNumberGenerator.GetBytes(16)),
            ImageId = new HexBytes(RandomNumberGenerator.GetBytes(16)),
        },
        HostData = new HexBytes(RandomNumberGenerator.GetBytes(32)),
        TcbFloors =
        [
            new(ProductLine.Milan, null, new TcbVersion(TcbLayout.Legacy, 0, 4, 0, 24, 219), null, null),
            new(ProductLine.Turin, new CpuSignature(0x1A, 0x02, 0x01), null, new TcbVersion(TcbLayout.Turin, 1, 2, 3, 4, 5), new TcbVersion(TcbLayout.Turin, 0, 1, 0, 1, 0)),
        ],
        MinFirmware = new FirmwareVersion(1, 55, 40),
        MinCurrentFirmware = new FirmwareVersion(1, 58, 2),
        SigningKeys = new HashSet<KeyKind> { KeyKind.Vcek, KeyKind.Vlek },
        RequiredMitigations = ulong.MaxValue,
        CspIds = new HashSet<string> { "aws", "Azure" },
        Products = new HashSet<ProductLine> { ProductLine.Genoa },
        AllowedChips = new HashSet<HexBytes> { new(RandomNumberGenerator.GetBytes(64)) },
        DeniedChips = new HashSet<HexBytes>(),
    };

    private static StateChange Step(string id, ReferenceState target, string? etag, params ReferenceState[] from) =>
        new("default", id, target, new HashSet<ReferenceState>(from), etag, "", Actor.Named("operator"), Noon.AddMinutes(1));

    public static Creation Creation(StoredReferenceValue value, params NearVariant[] near) => new(value, Actor.Named(value.Registrar)) { Near = near };

    /// <summary>Creates a value as whoever is named its registrar.</summary>
    public static Task<ChangeOutcome> CreateAsync(this IReferenceValueStore store, StoredReferenceValue value, RequestKey? request, CancellationToken cancellation) =>
        store.CreateAsync(Creation(value), request, cancellation);
}
