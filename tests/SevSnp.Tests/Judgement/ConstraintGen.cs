using CsCheck;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;

namespace SevSnp.Tests.Judgement;

/// <summary>Random reports and constraints from small ranges, so that constraints are met about as often as not.</summary>
internal static class ConstraintGen
{
    private static readonly Digest384[] Keys = [new(Filled(48, 1)), new(Filled(48, 2)), default];
    private static readonly HexBytes[] Ids = [new(Filled(16, 1)), new(Filled(16, 2))];

    private static readonly Gen<TcbVersion> Tcb = Gen.Select(Gen.Byte[3, 5], Gen.Byte[0, 1], Gen.Byte[23, 25], Gen.Byte[218, 220])
        .Select((bl, tee, snp, ucode) => new TcbVersion(TcbLayout.Legacy, 0, bl, tee, snp, ucode));

    private static readonly Gen<TcbVersion?> AnyTcb = Gen.OneOf(Gen.Const((TcbVersion?)null), Tcb.Select(t => (TcbVersion?)t));

    private static readonly Gen<CpuSignature?> AnyCpu = Pick<CpuSignature?>(null, new CpuSignature(0x19, 0x01, 1), new CpuSignature(0x19, 0x01, 2));

    private static readonly Gen<TcbFloor> Floor = Gen.Select(Pick(ProductLine.Milan, ProductLine.Milan, ProductLine.Genoa), AnyCpu, AnyTcb, AnyTcb, AnyTcb)
        .Select((product, cpu, reported, committed, launch) => new TcbFloor(product, cpu, reported, committed, launch));

    private static readonly Gen<SignerRule> Signer = Gen.OneOf(
        Gen.Const<SignerRule>(new SignerRule.NoIdBlock()),
        Gen.Select(Subset(Keys), Subset(Keys), Gen.UInt[0, 3], Pick<HexBytes?>(null, null, Ids[0]), Pick<HexBytes?>(null, null, Ids[1]))
            .Select((id, author, svn, family, image) => (SignerRule)new SignerRule.Pinned(id, author) { MinGuestSvn = svn, FamilyId = family, ImageId = image }));

    // One change of one member each: null states nothing, so that a list of them is any set of constraints.
    private static readonly Gen<Func<Constraints, Constraints>>[] Members =
    [
        Member(Gen.UInt[2, 5], (c, v) => c with { MinReportVersion = v }),
        Member(Subset<uint>([0, 1, 2, 3]), (c, v) => c with { Vmpls = v }),
        Member(
            Gen.Select(PolicyBits, PolicyBits, Gen.Byte[0, 1], Gen.Byte[0, 60]).Select((r, f, major, minor) => new GuestPolicyRule(r, f, major, minor)),
            (c, v) => c with { GuestPolicy = v }),
        Member(Gen.Select(InfoBits, InfoBits).Select((r, f) => new PlatformInfoRule(r, f)), (c, v) => c with { PlatformInfo = v }),
        Member(Signer, (c, v) => c with { Signer = v }),
        Member(Pick(new HexBytes(new byte[32]), new HexBytes(Filled(32, 7))), (c, v) => c with { HostData = v }),
        Member(Floor.Array[0, 2], (c, v) => c with { TcbFloors = v }),
        Member(Gen.Byte[54, 59].Select(minor => new FirmwareVersion(1, minor, 0)), (c, v) => c with { MinFirmware = v }),
        Member(Gen.Byte[54, 59].Select(minor => new FirmwareVersion(1, minor, 0)), (c, v) => c with { MinCurrentFirmware = v }),
        Member(Subset([KeyKind.Vcek, KeyKind.Vlek]), (c, v) => c with { SigningKeys = v }),
        Member(Gen.ULong[0, 7], (c, v) => c with { RequiredMitigations = v }),
        Member(Subset(["CN=a", "CN=b"]), (c, v) => c with { CspIds = v }),
        Member(Subset([ProductLine.Milan, ProductLine.Genoa]), (c, v) => c with { Products = v }),
    ];

    private static Gen<GuestPolicyBits> PolicyBits => Pick(GuestPolicyBits.None, GuestPolicyBits.None, GuestPolicyBits.Smt, GuestPolicyBits.CxlAllow, GuestPolicyBits.SingleSocket);

    private static Gen<PlatformInfoBits> InfoBits => Pick(PlatformInfoBits.None, PlatformInfoBits.None, PlatformInfoBits.SmtEnabled, PlatformInfoBits.EccEnabled);

    /// <summary>Any set of constraints.</summary>
    public static Gen<Constraints> Constraints { get; } = Gen.OneOf(Members).Array[0, 4].Select(changes => changes.Aggregate(SevSnp.Policies.Constraints.None, (c, change) => change(c)));

    /// <summary>A change that states one more member.</summary>
    public static Gen<Func<Constraints, Constraints>> OneMore { get; } = Gen.OneOf(Members);

    /// <summary>A change of a good guest's report. The key that signs, and so the reported TCB and the chip, stays.</summary>
    public static Gen<Func<Guest, Guest>> Report { get; } = Gen.Select(
        Pick(3U, 5U, 5U),
        Gen.UInt[0, 1],
        Pick(0x30000UL, 0x20000UL, 0x130000UL, 0x23013AUL),
        Pick(0x25UL, 0x24UL, 0x21UL),
        Gen.Select(Pick(0, 1, 2), Gen.Bool, Gen.UInt[0, 3]),
        Gen.Select(Tcb, Gen.Byte[55, 59], Gen.ULong[0, 7])).Select((version, vmpl, policy, info, block, rest) => new Func<Guest, Guest>(g => g.WithReport(r => r with
        {
            Version = version,
            Vmpl = vmpl,
            Policy = policy,
            PlatformInfo = info,
            IdKeyDigest = block.Item1 == 0 ? new byte[48] : Filled(48, (byte)block.Item1),
            AuthorKeyEnabled = block.Item1 != 0 && block.Item2,
            AuthorKeyDigest = block.Item1 != 0 && block.Item2 ? Filled(48, 2) : new byte[48],
            GuestSvn = block.Item1 == 0 ? 0 : block.Item3,
            FamilyId = block.Item1 == 0 ? new byte[16] : Filled(16, 1),
            LaunchTcb = rest.Item1,
            CurrentFirmware = new(1, rest.Item2, 0),
            CommittedFirmware = new(1, rest.Item2, 0),
            LaunchMitigations = rest.Item3,
            CurrentMitigations = rest.Item3,
        })));

    private static Gen<Func<Constraints, Constraints>> Member<T>(Gen<T> gen, Func<Constraints, T, Constraints> set) =>
        gen.Select(value => new Func<Constraints, Constraints>(c => set(c, value)));

    private static Gen<T> Pick<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    private static Gen<HashSet<T>> Subset<T>(T[] of) => Gen.Bool.Array[of.Length].Select(take => of.Where((_, i) => take[i]).ToHashSet());

    private static byte[] Filled(int size, byte value) => [.. Enumerable.Repeat(value, size)];
}
