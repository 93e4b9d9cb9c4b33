using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using Verifier.TestKit;

namespace SevSnp.Tests.Judgement;

/// <summary>C2, C15, C23, C40 to C43, C47: whose machine it is and what it runs.</summary>
public sealed class MachineTests
{
    private static readonly HexBytes Chip = new(SimulatedChip.Named(ProductLine.Milan).ChipId);
    private static readonly HexBytes OtherChip = new(SimulatedChip.Named(ProductLine.Milan, "second").ChipId);

    private static Guest Masked => Guest.Vcek().WithReport(r => r with { ChipId = new byte[64] });

    [Fact]
    public void T05_Version2_IsRefusedUnlessThePolicyNamesIt()
    {
        Guest guest = Guest.Vcek(ProductLine.Milan, 2);
        guest.MustBeRefused(CheckId.ReportVersionIsAllowed);
        guest.Demanding(c => c with { MinReportVersion = 2 }).MustBeAccepted();
        guest.Demanding(c => c with { MinReportVersion = null }).MustBeRefused(CheckId.ReportVersionIsAllowed);
        guest.Expecting(c => c with { MinReportVersion = 2 }).MustBeRefused(CheckId.ReportVersionIsAllowed);
    }

    [Theory]
    [InlineData(3U, 4U)]
    [InlineData(4U, 5U)]
    [InlineData(5U, 6U)]
    public void T05_LeastVersionOfRequestOrValue_Counts(uint version, uint minimum)
    {
        Guest guest = Guest.Vcek(ProductLine.Milan, version);
        guest.Expecting(c => c with { MinReportVersion = version }).MustBeAccepted();
        guest.Expecting(c => c with { MinReportVersion = minimum }).MustBeRefused(CheckId.ReportVersionIsAllowed);
        guest.Registered(c => c with { MinReportVersion = minimum }).MustBeRefused(CheckId.ReportVersionIsAllowed, CheckId.MeasurementIsRegistered);
    }

    [Fact]
    public void T24_NoRevocationList_IsAWarningOrARefusal()
    {
        AttestationVerdict verdict = Guest.Vcek().MustBeAccepted();
        Assert.Equal(CheckStatus.NotRequired, verdict.StatusOf(CheckId.CertificatesAreNotRevoked));
        Assert.Contains("NO_REVOCATION_LIST", verdict.WarningIds());

        Guest.Vcek().WithPolicy(p => p with { Revocation = RevocationRule.Required }).MustBeRefused(CheckId.CertificatesAreNotRevoked);
        Guest.Vcek().WithPolicy(p => p with { Revocation = (RevocationRule)9 }).MustBeRefused(CheckId.CertificatesAreNotRevoked);
    }

    [Fact]
    public void T24_CurrentRevocationList_IsAcceptedByEitherRule()
    {
        Guest guest = Guest.Vcek();
        guest = guest with { Scenario = guest.Scenario with { RevocationLists = [guest.Scenario.Amd.RevocationList().Mint()] } };
        Assert.DoesNotContain("NO_REVOCATION_LIST", guest.MustBeAccepted().WarningIds());
        AttestationVerdict verdict = guest.WithPolicy(p => p with { Revocation = RevocationRule.Required }).MustBeAccepted();
        Assert.Equal(CheckStatus.Passed, verdict.StatusOf(CheckId.CertificatesAreNotRevoked));
    }

    [Fact]
    public void T20_MaskedChipId_IsRefusedUnlessThePolicyAllowsIt()
    {
        Masked.MustBeRefused(CheckId.ChipIdIsNotMasked);
        AttestationVerdict verdict = Masked.WithPolicy(p => p with { UnsafeAllowMaskedChipId = true }).MustBeAccepted();
        Assert.Equal(CheckStatus.NotRequired, verdict.StatusOf(CheckId.ChipIdIsNotMasked));
        Assert.Contains("UNSAFE_ALLOW_MASKED_CHIP_ID", verdict.WarningIds());
    }

    [Fact]
    public void T20_VlekWithoutAChip_IsNormalAndWithOneWarned()
    {
        Assert.DoesNotContain("VLEK_WITH_CHIP_ID", Guest.Vlek().MustBeAccepted().WarningIds());
        AttestationVerdict verdict = Guest.Vlek().WithReport(r => r with { ChipId = Chip.Span.ToArray() }).MustBeAccepted();
        Assert.Contains("VLEK_WITH_CHIP_ID", verdict.WarningIds());
    }

    [Theory]
    [InlineData(1, 58, 0, true)]
    [InlineData(1, 55, 40, true)]
    [InlineData(1, 58, 1, false)]
    [InlineData(1, 59, 0, false)]
    [InlineData(2, 0, 0, false)]
    public void LeastFirmware_IsComparedAsATuple(byte major, byte minor, byte build, bool holds)
    {
        Guest guest = Guest.Vcek().Demanding(c => c with { MinFirmware = new(major, minor, build) });
        Assert.Equal(holds, guest.Decide().Accepted);
        Assert.Equal(holds ? CheckStatus.Passed : CheckStatus.Failed, guest.Decide().StatusOf(CheckId.FirmwareVersionMeetsMinimum));
    }

    [Fact]
    public void T38_CurrentAndCommittedFirmware_MustBothMeetTheMinimum()
    {
        Guest guest = Guest.Vcek().Demanding(c => c with { MinFirmware = new(1, 58, 0) });
        guest.WithReport(r => r with { CommittedFirmware = new(1, 57, 9) }).MustBeRefused(CheckId.FirmwareVersionMeetsMinimum);
        guest.WithReport(r => r with { CurrentFirmware = new(1, 57, 9) }).MustBeRefused(CheckId.FirmwareVersionMeetsMinimum);
    }

    [Fact]
    public void T38_LeastCurrentFirmware_LeavesTheCommittedOneAlone()
    {
        Guest guest = Guest.Vcek().Demanding(c => c with { MinCurrentFirmware = new(1, 58, 0) });
        guest.MustBeAccepted();
        guest.WithReport(r => r with { CommittedFirmware = new(1, 54, 9) }).MustBeAccepted();
        guest.WithReport(r => r with { CurrentFirmware = new(1, 57, 9) }).MustBeRefused(CheckId.FirmwareVersionMeetsMinimum);
        guest.Demanding(c => c with { MinFirmware = new(1, 55, 0) }).WithReport(r => r with { CommittedFirmware = new(1, 54, 9) })
            .MustBeRefused(CheckId.FirmwareVersionMeetsMinimum);
        guest.Expecting(c => c with { MinCurrentFirmware = new(1, 59, 0) }).MustBeRefused(CheckId.FirmwareVersionMeetsMinimum);
    }

    [Fact]
    public void T18_KindOfSigningKey_CanBeRefused()
    {
        Keys(Guest.Vcek(), KeyKind.Vcek).MustBeAccepted();
        Keys(Guest.Vcek(), KeyKind.Vcek, KeyKind.Vlek).MustBeAccepted();
        Keys(Guest.Vcek(), KeyKind.Vlek).MustBeRefused(CheckId.SigningKeyIsAllowed);
        Keys(Guest.Vcek()).MustBeRefused(CheckId.SigningKeyIsAllowed);
        Keys(Guest.Vlek(), KeyKind.Vlek).MustBeAccepted();
        Keys(Guest.Vlek(), KeyKind.Vcek).MustBeRefused(CheckId.SigningKeyIsAllowed);
        Guest.Vlek().Expecting(c => c with { SigningKeys = new HashSet<KeyKind> { KeyKind.Vcek } }).MustBeRefused(CheckId.SigningKeyIsAllowed);
        Assert.Equal(CheckStatus.NotRequired, Guest.Vcek().MustBeAccepted().StatusOf(CheckId.SigningKeyIsAllowed));

        static Guest Keys(Guest guest, params KeyKind[] allowed) => guest.Demanding(c => c with { SigningKeys = allowed.ToHashSet() });
    }

    [Fact]
    public void T24_SkippedRevocation_IsNamedAndWaivesNoDemandForAList()
    {
        Guest guest = Guest.Vcek().WithPolicy(p => p with { UnsafeSkipRevocation = true });
        AttestationVerdict verdict = guest.MustBeAccepted();
        Assert.Contains("UNSAFE_SKIP_REVOCATION", verdict.WarningIds());
        Assert.DoesNotContain("NO_REVOCATION_LIST", verdict.WarningIds());
        guest.WithPolicy(p => p with { Revocation = RevocationRule.Required }).MustBeRefused(CheckId.CertificatesAreNotRevoked);
    }

    [Fact]
    public void T41_EachDemandedMitigation_MustBeSetAtLaunchAndNow()
    {
        for (int bit = 0; bit < 64; bit++)
        {
            ulong mask = 1UL << bit;
            Guest guest = Guest.Vcek().Demanding(c => c with { RequiredMitigations = mask });
            guest.WithReport(r => r with { LaunchMitigations = mask, CurrentMitigations = mask }).MustBeAccepted();
            guest.WithReport(r => r with { LaunchMitigations = ~mask, CurrentMitigations = ulong.MaxValue }).MustBeRefused(CheckId.MitigationsAreActive);
            guest.WithReport(r => r with { LaunchMitigations = ulong.MaxValue, CurrentMitigations = ~mask }).MustBeRefused(CheckId.MitigationsAreActive);
        }
    }

    [Theory]
    [InlineData(3U, 1UL)]
    [InlineData(4U, 1UL)]
    [InlineData(4U, 0UL)]
    public void T41_ReportThatStatesNoMitigations_IsRefused(uint version, ulong demanded)
    {
        AttestationVerdict verdict = Guest.Vcek(ProductLine.Milan, version)
            .Expecting(c => c with { RequiredMitigations = demanded })
            .MustBeRefused(CheckId.MitigationsAreActive);
        Assert.Equal($"reports of version {version} do not state mitigations", verdict.Of(CheckId.MitigationsAreActive).Detail);
    }

    [Theory]
    [InlineData("CN=cc-simulated.example", true)]
    [InlineData("CN=CC-simulated.example", false)]
    [InlineData("CN=cc-simulated.exampl", false)]
    [InlineData("CN=cc-simulated.example.", false)]
    [InlineData("CN=cc-simulated.example\0", false)]
    [InlineData("cc-simulated.example", false)]
    [InlineData("", false)]
    public void T21_Provider_IsComparedAsExactText(string allowed, bool isAccepted)
    {
        HashSet<string> anyCase = new(StringComparer.OrdinalIgnoreCase) { allowed };
        Guest guest = Guest.Vlek().Demanding(c => c with { CspIds = anyCase });
        Assert.Equal(isAccepted, guest.Decide().Accepted);
        Assert.Equal(isAccepted ? CheckStatus.Passed : CheckStatus.Failed, guest.Decide().StatusOf(CheckId.CspIdIsAllowed));
    }

    [Fact]
    public void T21_Vlek_IsRefusedWhereThePolicyNamesNoProvider()
    {
        Guest.Vlek().Demanding(c => c with { CspIds = new HashSet<string>() }).MustBeRefused(CheckId.CspIdIsAllowed);
        Guest.Vlek().Demanding(c => c with { CspIds = null }).MustBeRefused(CheckId.CspIdIsAllowed);
        Guest.Vlek().WithPolicy(p => p with { Constraints = Constraints.None })
            .Expecting(c => c with { CspIds = new HashSet<string> { VirtualAmd.DefaultCsp } })
            .MustBeRefused(CheckId.CspIdIsAllowed);
        Assert.Equal(CheckStatus.NotRequired, Guest.Vcek().MustBeAccepted().StatusOf(CheckId.CspIdIsAllowed));
    }

    [Fact]
    public void T49_ProductLine_CanBeRefused()
    {
        Guest.Vcek().Demanding(c => c with { Products = new HashSet<ProductLine> { ProductLine.Milan } }).MustBeAccepted();
        Guest.Vcek().Demanding(c => c with { Products = new HashSet<ProductLine> { ProductLine.Genoa, ProductLine.Turin } }).MustBeRefused(CheckId.ProductAndChipAreAllowed);
        Guest.Vcek().Demanding(c => c with { Products = new HashSet<ProductLine>() }).MustBeRefused(CheckId.ProductAndChipAreAllowed);
    }

    [Fact]
    public void T49_T50_Chip_CanBeAllowedOrDenied()
    {
        Chips(Guest.Vcek(), [Chip, OtherChip], null).MustBeAccepted();
        Chips(Guest.Vcek(), [OtherChip], null).MustBeRefused(CheckId.ProductAndChipAreAllowed);
        Chips(Guest.Vcek(), [], null).MustBeRefused(CheckId.ProductAndChipAreAllowed);
        Chips(Guest.Vcek(), null, [OtherChip]).MustBeAccepted();
        Chips(Guest.Vcek(), null, [OtherChip, Chip]).MustBeRefused(CheckId.ProductAndChipAreAllowed);
        Chips(Guest.Vcek(), null, []).MustBeAccepted();
        Chips(Guest.Vcek(), [Chip], [Chip]).MustBeRefused(CheckId.ProductAndChipAreAllowed);
    }

    [Fact]
    public void T49_MaskedChip_IsNoAllowedOneAndMayBeADeniedOne()
    {
        Guest allowed = Masked.WithPolicy(p => p with { UnsafeAllowMaskedChipId = true });
        Chips(allowed, [new HexBytes(new byte[64])], null).MustBeRefused(CheckId.ProductAndChipAreAllowed);
        Chips(allowed, null, [OtherChip]).MustBeRefused(CheckId.ProductAndChipAreAllowed);
        Chips(Guest.Vlek(), null, [OtherChip]).MustBeRefused(CheckId.ProductAndChipAreAllowed);
    }

    [Fact]
    public void T50_TurinChip_IsFoundByItsEightBytesToo()
    {
        HexBytes full = new(SimulatedChip.Named(ProductLine.Turin).ChipId);
        HexBytes eight = new(full.Span[..8]);
        Chips(Guest.Vcek(ProductLine.Turin), null, [eight]).MustBeRefused(CheckId.ProductAndChipAreAllowed);
        Chips(Guest.Vcek(ProductLine.Turin), null, [full]).MustBeRefused(CheckId.ProductAndChipAreAllowed);
        Chips(Guest.Vcek(ProductLine.Turin), [eight], null).MustBeAccepted();
        Chips(Guest.Vcek(ProductLine.Turin), [new HexBytes(full.Span[..7])], null).MustBeRefused(CheckId.ProductAndChipAreAllowed);
        Chips(Guest.Vcek(), [new HexBytes(Chip.Span[..8])], null).MustBeRefused(CheckId.ProductAndChipAreAllowed);
    }

    private static Guest Chips(Guest guest, HexBytes[]? allowed, HexBytes[]? denied) =>
        guest.Demanding(c => c with { AllowedChips = allowed?.ToHashSet(), DeniedChips = denied?.ToHashSet() });
}
