using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Results;
using SevSnp.Tests.Judgement;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Results;

/// <summary>The rows of the table of claims in docs/results.md.</summary>
public sealed class TrustAppraisalTests
{
    private static readonly string[] Good = ["configuration 3", "executables 3", "hardware 2", "runtime-opaque 2"];
    private static readonly byte[] SignerBytes = [.. Enumerable.Repeat((byte)7, 48)];
    private static readonly Digest384 Signer = new(SignerBytes);

    [Fact]
    public void GoodGuest_ClaimsWhatAReportShows_AndNothingElse() => Assert.Equal(Good, Guest.Vcek().Result().Made());

    [Theory]
    [InlineData(ProductLine.Genoa)]
    [InlineData(ProductLine.Turin)]
    public void OtherProducts_AreNoWorse(ProductLine product) => Assert.Equal(Good, Guest.Vcek(product).Result().Made());

    [Fact]
    public void SimulatedRoot_IsNeverGenuineHardware()
    {
        Guest guest = Guest.Vcek();
        AttestationResult result = guest.Of(guest.MustBeAccepted());

        Assert.Equal(97, result.Vector[TrustClaim.Hardware]);
        Assert.Equal(TrustTier.Contraindicated, result.Status);
    }

    [Fact]
    public void PinnedPolicy_IsKnownAndApproved_UnlessOneBitIsLeftOpen()
    {
        const GuestPolicyBits Open = GuestPolicyBits.Debug | GuestPolicyBits.MigrateMa;
        GuestPolicyBits forbidden = Enum.GetValues<GuestPolicyBits>().Aggregate((a, b) => a | b) & ~GuestPolicyBits.Smt & ~Open;
        GuestPolicyRule pinned = new(GuestPolicyBits.Smt, forbidden);

        Assert.Equal(2, Guest.Vcek().Registered(c => c with { GuestPolicy = pinned }).Result().Vector[TrustClaim.Configuration]);
        Assert.Equal(3, Guest.Vcek().Registered(c => c with { GuestPolicy = pinned with { Forbidden = forbidden & ~GuestPolicyBits.RaplDis } }).Result().Vector[TrustClaim.Configuration]);
        Assert.Equal(3, Guest.Vcek().WithReport(r => r with { Policy = 0x30001 }).Registered(c => c with { GuestPolicy = pinned }).Result().Vector[TrustClaim.Configuration]);
        Assert.Equal(3, Guest.Vcek().Demanding(c => c with { GuestPolicy = pinned }).Result().Vector[TrustClaim.Configuration]);
    }

    [Fact]
    public void Debugging_IsContraindicated_EvenWhereThePolicyAllowsIt()
    {
        Guest debuggable = Guest.Vcek().WithReport(r => r with { Policy = 0xB0000 });
        AttestationResult accepted = debuggable.WithPolicy(p => p with { UnsafeAllowDebug = true }).Result();

        Assert.True(accepted.Accepted);
        Assert.Equal((96, 96), (accepted.Vector[TrustClaim.Configuration], accepted.Vector[TrustClaim.RuntimeOpaque]));
        Assert.Equal(TrustTier.Contraindicated, accepted.Status);
        Assert.Equal(TrustTier.Contraindicated, debuggable.Result().Status);
    }

    [Fact]
    public void Migration_IsContraindicated_EvenWhereThePolicyAllowsIt()
    {
        Guest movable = Guest.Vcek().WithReport(r => r with { Policy = 0x70000 });
        AttestationResult accepted = movable.WithPolicy(p => p with { UnsafeAllowMigration = true }).Result();

        Assert.True(accepted.Accepted);
        Assert.Equal((96, 2), (accepted.Vector[TrustClaim.Configuration], accepted.Vector[TrustClaim.RuntimeOpaque]));
        Assert.Equal(96, movable.Result().Vector[TrustClaim.Configuration]);
    }

    [Fact]
    public void ReportWithoutTheField_CannotBeAffirmed()
    {
        AttestationResult old = Guest.Vcek(version: 2).Demanding(c => c with { MinReportVersion = 2 }).Result();

        Assert.True(old.Accepted);
        Assert.Equal((36, TrustTier.Warning), (old.Vector[TrustClaim.Configuration], old.Status));
        Assert.Equal(36, Guest.Vcek(version: 2).Result().Vector[TrustClaim.Configuration]);
    }

    [Fact]
    public void AliasCheckNotDone_IsAKnownWeakness()
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { PlatformInfo = 0x05 });

        Assert.Equal(32, guest.WithPolicy(p => p with { UnsafeSkipAliasCheck = true }).Result().Vector[TrustClaim.Configuration]);
        Assert.Equal(32, guest.Result().Vector[TrustClaim.Configuration]);
    }

    [Fact]
    public void Vmpl_OutsideTheSet_IsContraindicated() =>
        Assert.Equal(96, Guest.Vcek().WithReport(r => r with { Vmpl = 1 }).Result().Vector[TrustClaim.Configuration]);

    [Theory]
    [InlineData(ReferenceState.Active, 3, TrustTier.Affirming)]
    [InlineData(ReferenceState.Deprecated, 32, TrustTier.Warning)]
    [InlineData(ReferenceState.Pending, 33, TrustTier.Warning)]
    [InlineData(ReferenceState.Revoked, 96, TrustTier.Contraindicated)]
    public void Executables_AreAsTheReferenceValueStands(ReferenceState state, sbyte value, TrustTier status)
    {
        AttestationResult result = Guest.Vcek().WithValue(v => v with { State = state }).Result();

        Assert.Equal((value, status), (result.Vector[TrustClaim.Executables], result.Status));
    }

    [Fact]
    public void RevokedMeasurement_IsContraindicated_AndAnUnknownOneIsNotRecognised()
    {
        Tombstone tombstone = new(new Digest384(ReportBuilder.DefaultMeasurement), "key leaked", "tenants/default/referenceValues/a", VirtualAmd.Now);
        AttestationResult unknown = (Guest.Vcek() with { Values = [] }).Result();

        Assert.Equal(96, (Guest.Vcek() with { Tombstone = tombstone }).Result().Vector[TrustClaim.Executables]);
        Assert.Equal((33, TrustTier.Warning), (unknown.Vector[TrustClaim.Executables], unknown.Status));
        Assert.Equal(33, (Guest.Vcek() with { Values = [] }).WithPolicy(p => p with { UnsafeAllowAnyMeasurement = true }).Result().Vector[TrustClaim.Executables]);
    }

    [Theory]
    [InlineData(ReferenceState.Active, 3)]
    [InlineData(ReferenceState.Revoked, 96)]
    [InlineData(ReferenceState.Pending, 33)]
    public void TrustInASigner_CountsAndIsWithdrawnAlike(ReferenceState state, sbyte value)
    {
        Guest guest = Signed() with { Values = [], OfSigners = [BySigner(3) with { State = state }] };

        Assert.Equal(value, guest.Result().Vector[TrustClaim.Executables]);
    }

    // Withdrawn was another release of the same signer: this one was never trusted.
    [Fact]
    public void TrustInAnotherRelease_IsNotWithdrawnFromThisOne() =>
        Assert.Equal(33, (Signed() with { Values = [], OfSigners = [BySigner(4) with { State = ReferenceState.Revoked }] }).Result().Vector[TrustClaim.Executables]);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 32)]
    public void Hardware_BelowTheFloor_HasKnownWeaknesses(byte more, sbyte value)
    {
        TcbVersion tcb = Guest.Vcek().Scenario.Report.ReportedTcb;
        TcbFloor floor = new(ProductLine.Milan, null, tcb with { Snp = (byte)(tcb.Snp + more - 1) }, null, null);

        Assert.Equal(value, Guest.Vcek().Demanding(c => c with { TcbFloors = [floor] }).Result().Vector[TrustClaim.Hardware]);
    }

    [Fact]
    public void ListedChip_IsRecognised_AndAnotherIsNot()
    {
        HexBytes chip = new(Guest.Vcek().Scenario.Report.ChipId);
        HexBytes other = new([.. Enumerable.Repeat((byte)9, 64)]);
        AttestationResult unlisted = Guest.Vcek().Demanding(c => c with { AllowedChips = new HashSet<HexBytes> { other } }).Result();
        AttestationResult denied = Guest.Vcek().Demanding(c => c with { DeniedChips = new HashSet<HexBytes> { chip } }).Result();

        Assert.Equal(2, Guest.Vcek().Demanding(c => c with { AllowedChips = new HashSet<HexBytes> { chip } }).Result().Vector[TrustClaim.InstanceIdentity]);
        Assert.Equal(0, Guest.Vcek().Demanding(c => c with { DeniedChips = new HashSet<HexBytes> { other } }).Result().Vector[TrustClaim.InstanceIdentity]);
        Assert.Equal((97, 2), (unlisted.Vector[TrustClaim.InstanceIdentity], unlisted.Vector[TrustClaim.Hardware]));
        Assert.Equal((96, 96), (denied.Vector[TrustClaim.InstanceIdentity], denied.Vector[TrustClaim.Hardware]));
    }

    [Fact]
    public void UnwantedProduct_IsContraindicatedHardware() =>
        Assert.Equal(96, Guest.Vcek().Demanding(c => c with { Products = new HashSet<ProductLine> { ProductLine.Turin } }).Result().Vector[TrustClaim.Hardware]);

    [Fact]
    public void NamedSigner_IsRecognised_AndAnotherIsNot()
    {
        Guest guest = Signed();

        Assert.Equal(2, guest.Demanding(c => c with { Signer = Pinned(Signer) }).Result().Vector[TrustClaim.InstanceIdentity]);
        Assert.Equal(97, guest.Demanding(c => c with { Signer = Pinned(new Digest384(new byte[48])) }).Result().Vector[TrustClaim.InstanceIdentity]);
        Assert.Equal(0, guest.Result().Vector[TrustClaim.InstanceIdentity]);
        Assert.Equal(0, Guest.Vcek().Demanding(c => c with { Signer = new SignerRule.NoIdBlock() }).Result().Vector[TrustClaim.InstanceIdentity]);
    }

    [Fact]
    public void T65_OtherNonce_IsNotTheGuestThatWasAsked()
    {
        AttestationResult result = Guest.Vcek().Expect(e => e with { Binding = Guest.Nonce([.. Enumerable.Repeat((byte)1, 64)]) }).Result();

        Assert.Equal((97, TrustTier.Contraindicated), (result.Vector[TrustClaim.InstanceIdentity], result.Status));
        Assert.Equal([CheckId.ReportDataMatchesBinding], result.FailedChecks);
    }

    [Fact]
    public void ForgedReport_FailsEveryClaim()
    {
        Guest guest = Guest.Vcek();
        byte[] report = guest.Scenario.SignReport();
        report[0x50] ^= 1;
        AttestationResult result = guest.Of(guest.Decide(guest.Scenario.Authenticate(report, guest.Scenario.Bundle)));

        Assert.Equal(TrustClaims.All.Select(claim => $"{claim.WireName()} 99"), result.Made());
        Assert.Equal(TrustTier.Contraindicated, result.Status);
    }

    [Fact]
    public void UnknownProduct_IsHardwareThatIsNotRecognised()
    {
        Guest guest = Guest.Vcek().WithReport(r => r with { Cpu = new CpuSignature(0x1B, 0x01, 0) });
        Authentication authentication = guest.Scenario.Authenticate();

        Assert.Equal(["hardware 97"], guest.Of(guest.Decide(authentication)).Made());
    }

    private static Guest Signed() => Guest.Vcek().WithReport(r => r with
    {
        IdKeyDigest = SignerBytes,
        GuestSvn = 5,
        FamilyId = [.. Enumerable.Repeat((byte)2, 16)],
        ImageId = [.. Enumerable.Repeat((byte)3, 16)],
    });

    private static SignerRule.Pinned Pinned(Digest384 key) => new(new HashSet<Digest384> { key }, new HashSet<Digest384>());

    private static ReferenceValue BySigner(byte image) => Guest.Value("by-signer") with
    {
        Measurements = [],
        AcceptsBySigner = true,
        Constraints = new Constraints
        {
            Signer = Pinned(Signer) with { FamilyId = new HexBytes([.. Enumerable.Repeat((byte)2, 16)]), ImageId = new HexBytes([.. Enumerable.Repeat(image, 16)]) },
        },
    };
}
