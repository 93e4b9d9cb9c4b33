using System.Collections.Concurrent;
using SevSnp.Advisories;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Judgement;

/// <summary>A good guest, rightly signed, with everything that makes it accepted. A test changes the one thing it is about.</summary>
internal sealed record Guest(Scenario Scenario)
{
    // Minting a key takes a while, and no test here is about keys.
    private static readonly ConcurrentDictionary<(KeyKind Kind, ProductLine Product, uint Version), Scenario> Scenarios = new();

    public AppraisalPolicy Policy { get; init; } = AppraisalPolicy.Default;

    public Expectations Expectations { get; init; } = new() { Binding = Nonce(ReportBuilder.DefaultReportData) };

    /// <summary>The reference values that have the report's measurement.</summary>
    public IReadOnlyList<ReferenceValue> Values { get; init; } = [Value()];

    /// <summary>The reference values that accept by one of the report's signers.</summary>
    public IReadOnlyList<ReferenceValue> OfSigners { get; init; } = [];

    public bool IsLifted { get; init; }

    public Tombstone? Tombstone { get; init; }

    public static Guest Vcek(ProductLine product = ProductLine.Milan, uint version = 5) => new(Shared(KeyKind.Vcek, product, version));

    /// <summary>A guest under a VLEK of the one provider that the policy names.</summary>
    public static Guest Vlek(ProductLine product = ProductLine.Milan) =>
        new Guest(Shared(KeyKind.Vlek, product, 5)).Demanding(c => c with { CspIds = new HashSet<string> { VirtualAmd.DefaultCsp } });

    public static ReferenceValue Value(string id = "coconut-svsm-2026-11") => new()
    {
        Name = $"tenants/default/referenceValues/{id}",
        Image = "coconut-svsm",
        Version = "2026.11",
        Kind = LaunchKind.SvsmIgvm,
        State = ReferenceState.Active,
        Origin = ReferenceOrigin.Asserted,
        Measurements = [new(new Digest384(ReportBuilder.DefaultMeasurement), "qemu-kvm", 4)],
    };

    public static ReportDataBinding Nonce(byte[] nonce) =>
        ReportDataBinding.TryNonce(nonce, out ReportDataBinding? binding, out string rule) ? binding : throw new InvalidOperationException(rule);

    public Guest WithReport(Func<ReportBuilder, ReportBuilder> change) => this with { Scenario = Scenario.WithReport(change) };

    /// <summary>Constraints of the policy.</summary>
    public Guest Demanding(Func<Constraints, Constraints> change) => this with { Policy = Policy with { Constraints = change(Policy.Constraints) } };

    /// <summary>Constraints of the request.</summary>
    public Guest Expecting(Func<Constraints, Constraints> change) =>
        this with { Expectations = Expectations with { Constraints = change(Expectations.Constraints) } };

    /// <summary>Constraints of the only reference value.</summary>
    public Guest Registered(Func<Constraints, Constraints> change) => WithValue(v => v with { Constraints = change(v.Constraints) });

    public Guest WithValue(Func<ReferenceValue, ReferenceValue> change) => this with { Values = [change(Values[0])] };

    public Guest WithPolicy(Func<AppraisalPolicy, AppraisalPolicy> change) => this with { Policy = change(Policy) };

    public Guest Expect(Func<Expectations, Expectations> change) => this with { Expectations = change(Expectations) };

    /// <summary>Signs, authenticates, judges.</summary>
    public AttestationVerdict Decide() => Decide(Scenario.Authenticate());

    public AttestationVerdict Decide(AdvisoryList advisories) => Decide(Scenario.Authenticate(), advisories);

    public AttestationVerdict Decide(Authentication authentication) => Decide(authentication, AdvisoryList.BuiltIn);

    private AttestationVerdict Decide(Authentication authentication, AdvisoryList advisories) => Judge.Decide(
        authentication,
        Policy,
        Expectations,
        new MeasurementRecords(authentication.Report.Measurement, Tombstone, Values) { OfSigners = OfSigners, IsLifted = IsLifted },
        advisories,
        Scenario.At);

    private static Scenario Shared(KeyKind kind, ProductLine product, uint version) =>
        Scenarios.GetOrAdd((kind, product, version), key => Scenario.Of(VirtualAmd.For(key.Product), key.Kind, key.Version));

    /// <summary>The verdict must accept.</summary>
    public AttestationVerdict MustBeAccepted()
    {
        AttestationVerdict verdict = Decide();
        Assert.True(verdict.Accepted, verdict.Summary);
        Assert.Equal(RejectionKind.None, verdict.Rejection);
        return verdict;
    }

    /// <summary>The verdict must refuse an authentic report, for exactly these checks.</summary>
    public AttestationVerdict MustBeRefused(params CheckId[] failed)
    {
        AttestationVerdict verdict = Decide();
        Assert.Equal(failed, verdict.Checks.Where(c => c.Status == CheckStatus.Failed).Select(c => c.Id));
        Assert.False(verdict.Accepted);
        Assert.Equal(RejectionKind.Refused, verdict.Rejection);
        return verdict;
    }
}

internal static class VerdictExtensions
{
    public static CheckResult Of(this AttestationVerdict verdict, CheckId id) => Assert.Single(verdict.Checks, c => c.Id == id);

    public static CheckStatus StatusOf(this AttestationVerdict verdict, CheckId id) => verdict.Of(id).Status;

    public static IEnumerable<string> WarningIds(this AttestationVerdict verdict) => verdict.Warnings.Select(w => w.Id);
}
