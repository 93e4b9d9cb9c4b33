using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.TestKit;

namespace SevSnp.Tests.Judgement;

/// <summary>C25 and C44.</summary>
public sealed class MeasurementTests
{
    private static readonly Digest384 Measurement = new(ReportBuilder.DefaultMeasurement);

    private static readonly Tombstone Revoked = new(
        Measurement, "CVE-2026-0001: successor 2026.12", "tenants/default/referenceValues/old", new DateTimeOffset(2026, 9, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void T53_Unregistered_IsRefused() => Detail("no reference value has this measurement", Guest.Vcek() with { Values = [] });

    [Theory]
    [InlineData(ReferenceState.Unspecified, "is in no usable state")]
    [InlineData(ReferenceState.Pending, "awaits approval")]
    [InlineData(ReferenceState.Revoked, "is revoked")]
    [InlineData((ReferenceState)9, "is in no usable state")]
    public void UnusableState_IsRefused(ReferenceState state, string why) =>
        Detail($"{Guest.Value().Name} {why}", Guest.Vcek().WithValue(v => v with { State = state }));

    [Fact]
    public void Deprecated_IsAcceptedWithAWarning()
    {
        AttestationVerdict verdict = Guest.Vcek().WithValue(v => v with { State = ReferenceState.Deprecated }).MustBeAccepted();
        Assert.Contains("DEPRECATED_REFERENCE", verdict.WarningIds());
    }

    [Fact]
    public void ActiveBesideDeprecated_IsTheOneThatMatches()
    {
        Guest guest = Guest.Vcek() with { Values = [Guest.Value("a") with { State = ReferenceState.Deprecated }, Guest.Value("b")] };
        AttestationVerdict verdict = guest.MustBeAccepted();
        Assert.Equal("tenants/default/referenceValues/b", verdict.Reference?.Value.Name);
        Assert.DoesNotContain("DEPRECATED_REFERENCE", verdict.WarningIds());
    }

    [Fact]
    public void Expiry_HoldsFromItsVeryMoment()
    {
        Guest.Vcek().WithValue(v => v with { ExpireTime = VirtualAmd.Now.AddTicks(1) }).MustBeAccepted();
        Detail($"{Guest.Value().Name} expired on 2026-10-01 00:00:00Z", Guest.Vcek().WithValue(v => v with { ExpireTime = VirtualAmd.Now }));
        Detail(
            $"{Guest.Value().Name} expired on 2026-09-30 00:00:00Z",
            Guest.Vcek().WithValue(v => v with { State = ReferenceState.Deprecated, ExpireTime = VirtualAmd.Now.AddDays(-1) }));
    }

    [Fact]
    public void T51_Tombstone_BeatsAnActiveValueAndNamesItsReason()
    {
        const string Why = "revoked on 2026-09-01 12:00:00Z with tenants/default/referenceValues/old: CVE-2026-0001: successor 2026.12";
        Detail(Why, Guest.Vcek() with { Tombstone = Revoked });
        Detail(Why, (Guest.Vcek() with { Tombstone = Revoked }).WithPolicy(p => p with { UnsafeAllowAnyMeasurement = true }));
    }

    [Fact]
    public void RecordsOfAnotherMeasurement_AreRefused()
    {
        Guest guest = Guest.Vcek();
        MeasurementRecords other = new(default, null, guest.Values);
        foreach (AppraisalPolicy policy in new[] { guest.Policy, guest.Policy with { UnsafeAllowAnyMeasurement = true } })
        {
            AttestationVerdict verdict = Judge.Decide(guest.Scenario.Authenticate(), policy, guest.Expectations, other, guest.Scenario.At);
            Assert.Equal(CheckStatus.Failed, verdict.StatusOf(CheckId.MeasurementIsRegistered));
        }
    }

    [Fact]
    public void ValueWithoutTheMeasurement_IsRefused() => Detail(
        $"{Guest.Value().Name} does not have this measurement",
        Guest.Vcek().WithValue(v => v with { Measurements = [new(new Digest384(new byte[48]))] }));

    [Fact]
    public void MatchingMeasurement_IsTheOneOfSeveral()
    {
        byte[] other = [.. ReportBuilder.DefaultMeasurement];
        other[0] ^= 1;
        AttestationVerdict verdict = Guest.Vcek()
            .WithValue(v => v with { Measurements = [new(new Digest384(other), "other"), new(Measurement, "qemu-kvm", 8)] })
            .MustBeAccepted();
        Assert.Equal(new ReferenceMeasurement(Measurement, "qemu-kvm", 8), verdict.Reference?.Measurement);
    }

    [Fact]
    public void T52_ZeroMeasurement_IsNeverAccepted()
    {
        Guest guest = Guest.Vcek()
            .WithReport(r => r with { Measurement = new byte[48] })
            .WithValue(v => v with { Measurements = [new(default)] });
        guest.MustBeRefused(CheckId.MeasurementIsRegistered, CheckId.IdentityFieldsAreNotZero);
        guest.WithPolicy(p => p with { UnsafeAllowAnyMeasurement = true }).MustBeRefused(CheckId.MeasurementIsRegistered, CheckId.IdentityFieldsAreNotZero);
    }

    [Fact]
    public void ZeroReportId_IsRefused() =>
        Guest.Vcek().WithReport(r => r with { ReportId = new byte[32] }).MustBeRefused(CheckId.IdentityFieldsAreNotZero);

    [Fact]
    public void AnyMeasurement_IsAcceptedWithAWarning()
    {
        Guest guest = (Guest.Vcek() with { Values = [] }).WithPolicy(p => p with { UnsafeAllowAnyMeasurement = true });
        AttestationVerdict verdict = guest.MustBeAccepted();
        Assert.Equal(CheckStatus.NotRequired, verdict.StatusOf(CheckId.MeasurementIsRegistered));
        Assert.Contains("UNSAFE_ALLOW_ANY_MEASUREMENT", verdict.WarningIds());
        Assert.Null(verdict.Reference);
        Assert.Contains("unregistered", verdict.Summary, StringComparison.Ordinal);
    }

    // Records without the tombstone that belongs to a revoked value contradict themselves; the revocation is the half to believe.
    [Fact]
    public void T71_RevokedValueWithoutItsTombstone_IsARevocationAllTheSame()
    {
        Guest revoked = Guest.Vcek().WithValue(v => v with { State = ReferenceState.Revoked });
        revoked.WithPolicy(p => p with { UnsafeAllowAnyMeasurement = true }).MustBeRefused(CheckId.MeasurementIsRegistered);
        Guest twice = revoked with { Values = [.. revoked.Values, Guest.Value() with { Name = "tenants/default/referenceValues/other" }] };
        twice.MustBeRefused(CheckId.MeasurementIsRegistered);

        byte[] other = [.. ReportBuilder.DefaultMeasurement];
        other[0] ^= 1;
        (revoked with { Values = [Guest.Value() with { State = ReferenceState.Revoked, Measurements = [new(new Digest384(other))] }, Guest.Value()] }).MustBeAccepted();
    }

    [Fact]
    public void T71_LiftedRevocation_LeavesTheOtherReferenceValuesInForce_AndTheRevokedOneOutOfIt()
    {
        Guest revoked = Guest.Vcek().WithValue(v => v with { State = ReferenceState.Revoked }) with { IsLifted = true };
        revoked.MustBeRefused(CheckId.MeasurementIsRegistered);
        Guest twice = revoked with { Values = [.. revoked.Values, Guest.Value() with { Name = "tenants/default/referenceValues/other" }] };
        Assert.Equal("tenants/default/referenceValues/other", twice.MustBeAccepted().Reference!.Value.Name);
        (twice with { IsLifted = false }).MustBeRefused(CheckId.MeasurementIsRegistered);
        (twice with { Tombstone = new(new Digest384(ReportBuilder.DefaultMeasurement), "again", "tenants/default/referenceValues/other", twice.Scenario.At) })
            .MustBeRefused(CheckId.MeasurementIsRegistered);
    }

    // What the caller expects of the image only a reference value can show: the policy's switch does not waive it.
    [Fact]
    public void AnyMeasurement_DoesNotWaiveTheCallersExpectations()
    {
        Guest guest = (Guest.Vcek() with { Values = [] }).WithPolicy(p => p with { UnsafeAllowAnyMeasurement = true });
        guest.Expect(e => e with { Image = "coconut-svsm" }).MustBeRefused(CheckId.MeasurementIsRegistered);
        guest.Expect(e => e with { Kinds = new HashSet<LaunchKind> { LaunchKind.SvsmIgvm } }).MustBeRefused(CheckId.MeasurementIsRegistered);
    }

    [Theory]
    [InlineData("coconut-svsm", true)]
    [InlineData("Coconut-svsm", false)]
    [InlineData("coconut", false)]
    [InlineData("coconut-svsm ", false)]
    [InlineData("", false)]
    public void Image_IsComparedAsExactText(string image, bool isAccepted)
    {
        Guest guest = Guest.Vcek().Expect(e => e with { Image = image });
        Assert.Equal(isAccepted, guest.Decide().Accepted);
        if (!isAccepted)
        {
            Detail($"{Guest.Value().Name} is of image 'coconut-svsm'", guest);
        }
    }

    [Fact]
    public void T64_PlainFirmware_DoesNotPassForAnSvsm()
    {
        Guest svsm = Guest.Vcek().Expect(e => e with { Kinds = new HashSet<LaunchKind> { LaunchKind.SvsmIgvm, LaunchKind.Stage1 } });
        svsm.MustBeAccepted();
        Detail($"{Guest.Value().Name} is of kind ovmf", svsm.WithValue(v => v with { Kind = LaunchKind.Ovmf }));
        Detail($"{Guest.Value().Name} is of kind igvm", svsm.WithValue(v => v with { Kind = LaunchKind.Igvm }));
    }

    [Fact]
    public void UnstatedKind_NeverMatchesAStatedOne()
    {
        HashSet<LaunchKind> all = [.. Enum.GetValues<LaunchKind>()];
        Detail(
            $"{Guest.Value().Name} is of kind unspecified",
            Guest.Vcek().WithValue(v => v with { Kind = LaunchKind.Unspecified }).Expect(e => e with { Kinds = all }));
    }

    [Fact]
    public void EmptySetOfKinds_AllowsNone() =>
        Guest.Vcek().Expect(e => e with { Kinds = new HashSet<LaunchKind>() }).MustBeRefused(CheckId.MeasurementIsRegistered);

    [Fact]
    public void UnmetConstraintOfTheValue_IsShownThereAndByItsOwnName()
    {
        AttestationVerdict verdict = Guest.Vcek()
            .Registered(c => c with { MinFirmware = new FirmwareVersion(1, 59, 0) })
            .MustBeRefused(CheckId.MeasurementIsRegistered, CheckId.FirmwareVersionMeetsMinimum);
        Assert.Equal(
            $"{Guest.Value().Name} has constraints that are not met: FIRMWARE_VERSION_MEETS_MINIMUM (expected at least 1.59.0, found: current 1.58.0, committed 1.58.0)",
            verdict.Of(CheckId.MeasurementIsRegistered).Detail);
        Assert.Equal($"at least 1.59.0 ({Guest.Value().Name})", verdict.Of(CheckId.FirmwareVersionMeetsMinimum).Expected);
        Assert.Null(verdict.Reference);
    }

    [Fact]
    public void OneValueWithAllConstraintsMet_IsEnough()
    {
        ReferenceValue strict = Guest.Value("strict") with { Constraints = new() { Vmpls = new HashSet<uint> { 3 } } };
        AttestationVerdict verdict = (Guest.Vcek() with { Values = [strict, Guest.Value("met")] }).MustBeAccepted();
        Assert.Equal("tenants/default/referenceValues/met", verdict.Reference?.Value.Name);
    }

    // Two values, each failing in one of two constraints, do not add up to one that holds.
    [Fact]
    public void ConstraintsOfTwoValues_DoNotAddUp()
    {
        ReferenceValue a = Guest.Value("a") with { Constraints = new() { Vmpls = new HashSet<uint> { 3 } } };
        ReferenceValue b = Guest.Value("b") with { Constraints = new() { HostData = new HexBytes([.. Enumerable.Repeat((byte)1, 32)]) } };
        AttestationVerdict verdict = (Guest.Vcek() with { Values = [a, b] }).Decide();
        Assert.Equal(CheckStatus.Failed, verdict.StatusOf(CheckId.MeasurementIsRegistered));
    }

    [Fact]
    public void ManyFailedCandidates_AreNotAllListed()
    {
        Guest guest = Guest.Vcek() with { Values = [.. Enumerable.Range(0, 100).Select(i => Guest.Value($"v{i}") with { State = ReferenceState.Pending })] };
        string? detail = guest.MustBeRefused(CheckId.MeasurementIsRegistered).Of(CheckId.MeasurementIsRegistered).Detail;
        Assert.EndsWith("; and 92 more", detail, StringComparison.Ordinal);
    }

    private static void Detail(string expected, Guest guest) =>
        Assert.Equal(expected, guest.MustBeRefused(CheckId.MeasurementIsRegistered).Of(CheckId.MeasurementIsRegistered).Detail);
}
