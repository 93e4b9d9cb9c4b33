using CsCheck;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;

namespace SevSnp.Tests.Judgement;

/// <summary>Properties over random reports and constraints: what request and reference value state can only tighten.</summary>
public sealed class TighteningTests
{
    private static readonly Lazy<VerifiedReport> Signer = new(() => Guest.Vcek().Scenario.Authenticate().Verified!);
    private static readonly Lazy<IReadOnlyList<CheckResult>> FirstHalf = new(() => Guest.Vcek().Scenario.Authenticate().Checks);

    private static readonly Gen<AppraisalPolicy> Policy = Gen.Select(ConstraintGen.Constraints, Gen.Bool, Gen.Bool).Select((c, any, alias) =>
        new AppraisalPolicy { Constraints = c with { MinReportVersion = 2, Vmpls = c.Vmpls ?? new HashSet<uint> { 0, 1 } }, UnsafeAllowAnyMeasurement = any, UnsafeSkipAliasCheck = alias });

    private static readonly Gen<(Guest Guest, Func<Constraints, Constraints> OneMore)> Cases = Gen.Select(
        ConstraintGen.Report, Policy, ConstraintGen.Constraints, ConstraintGen.Constraints, ConstraintGen.OneMore).Select((report, policy, request, value, oneMore) =>
            ((report(Guest.Vcek()) with { Policy = policy }).Expecting(_ => request).Registered(_ => value), oneMore));

    // Loosened by one more member only where the member stated before was not removed: a list of floors is replaced as a whole.
    [Fact]
    public void MemberAddedToTheRequest_NeverTurnsARefusalIntoAnAcceptance() => Tightens((guest, oneMore) =>
        guest with { Expectations = guest.Expectations with { Constraints = Adding(guest.Expectations.Constraints, oneMore) } });

    [Fact]
    public void MemberAddedToTheReferenceValue_NeverTurnsARefusalIntoAnAcceptance() => Tightens((guest, oneMore) => guest.Registered(c => Adding(c, oneMore)));

    [Fact]
    public void ExpectedImageOrKinds_NeverTurnARefusalIntoAnAcceptance()
    {
        Tightens((guest, _) => guest.Expect(e => e with { Image = "coconut-svsm" }));
        Tightens((guest, _) => guest.Expect(e => e with { Image = "another" }));
        Tightens((guest, _) => guest.Expect(e => e with { Kinds = new HashSet<LaunchKind> { LaunchKind.SvsmIgvm } }));
        Tightens((guest, _) => guest.Expect(e => e with { Kinds = new HashSet<LaunchKind> { LaunchKind.Ovmf } }));
    }

    [Fact]
    public void UnsafeSwitchTurnedOff_NeverTurnsARefusalIntoAnAcceptance() =>
        Tightens((guest, _) => guest.WithPolicy(p => p with { UnsafeAllowAnyMeasurement = false, UnsafeSkipAliasCheck = false }));

    // Stated a second way: an acceptance means that each set by itself is met, policy and request always, the reference value when one matched.
    [Fact]
    public void Acceptance_MeansThatEachSetByItselfIsMet() => Cases.Sample((guest, _) =>
    {
        AttestationVerdict verdict = Decide(guest);
        VerifiedReport report = Parsed(guest);
        return !verdict.Accepted
            || (ConstraintRules.Broken(report, guest.Policy.Constraints).Count == 0
                && ConstraintRules.Broken(report, guest.Expectations.Constraints).Count == 0
                && (verdict.Reference is not { } matched || ConstraintRules.Broken(report, matched.Value.Constraints).Count == 0));
    });

    [Fact]
    public void Refusal_NamesAtLeastOneFailedCheck() => Cases.Sample((guest, _) =>
    {
        AttestationVerdict verdict = Decide(guest);
        return verdict.Accepted == verdict.Checks.All(c => c.Status is CheckStatus.Passed or CheckStatus.NotRequired)
            && verdict.Checks.Select(c => c.Id).SequenceEqual(CheckIds.All());
    });

    // A null member states nothing, and so does an empty list of floors: only what is not stated yet is added.
    private static Constraints Adding(Constraints before, Func<Constraints, Constraints> oneMore)
    {
        Constraints added = oneMore(Constraints.None);
        return new Constraints
        {
            MinReportVersion = before.MinReportVersion ?? added.MinReportVersion,
            Vmpls = before.Vmpls ?? added.Vmpls,
            GuestPolicy = before.GuestPolicy ?? added.GuestPolicy,
            PlatformInfo = before.PlatformInfo ?? added.PlatformInfo,
            Signer = before.Signer ?? added.Signer,
            HostData = before.HostData ?? added.HostData,
            TcbFloors = before.TcbFloors.Count > 0 ? before.TcbFloors : added.TcbFloors,
            MinFirmware = before.MinFirmware ?? added.MinFirmware,
            MinCurrentFirmware = before.MinCurrentFirmware ?? added.MinCurrentFirmware,
            SigningKeys = before.SigningKeys ?? added.SigningKeys,
            RequiredMitigations = before.RequiredMitigations ?? added.RequiredMitigations,
            CspIds = before.CspIds ?? added.CspIds,
            Products = before.Products ?? added.Products,
        };
    }

    private static void Tightens(Func<Guest, Func<Constraints, Constraints>, Guest> tighten)
    {
        int accepted = 0, turned = 0;
        Cases.Sample(
            (guest, oneMore) =>
            {
                bool before = Decide(guest).Accepted;
                bool after = Decide(tighten(guest, oneMore)).Accepted;
                Interlocked.Add(ref accepted, before ? 1 : 0);
                Interlocked.Add(ref turned, before && !after ? 1 : 0);
                return before || !after;
            },
            iter: 4000);

        // The property would also hold if nothing were ever accepted.
        Assert.True(accepted > 100 && turned > 0, $"{accepted} accepted, {turned} turned into refusals");
    }

    // The first half is the same for all of them: the signature is made once and the report exchanged behind it, as only tests can.
    private static AttestationVerdict Decide(Guest guest)
    {
        VerifiedReport report = Parsed(guest);
        return Judge.Decide(
            new Authentication(report.Report, [.. FirstHalf.Value], report, report.Endorsement),
            guest.Policy,
            guest.Expectations,
            new MeasurementRecords(report.Report.Measurement, null, guest.Values),
            guest.Scenario.At);
    }

    private static VerifiedReport Parsed(Guest guest)
    {
        Assert.True(AttestationReport.TryParse(guest.Scenario.Report.Build(), out AttestationReport? report, out EvidenceFault fault), fault.ToString());
        Assert.True(report.TryDecodeTcbs(TcbLayout.Legacy, out TcbVersions tcbs, out _));
        return new VerifiedReport(report, tcbs, Signer.Value.Endorsement);
    }
}
