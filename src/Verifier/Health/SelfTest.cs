using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Crypto;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;

namespace Verifier.Service.Health;

/// <summary>
/// Judges evidence whose verdict is known: one good case, and bad ones that must each be refused by the right check. The simulated
/// root is an argument of these calls and of nothing else.
/// </summary>
internal static class SelfTest
{
    private const int SignedByte = 0x90;

    // An engine may check a key's first signatures in another way than the many that follow: both ways are tried, with every case.
    private const int Rounds = 10;

    /// <summary>Runs every case.</summary>
    /// <returns>The number of cases, and what went wrong; null when nothing did.</returns>
    public static (int Count, string? Fault) Run(SelfTestEvidence evidence, SignatureEngine engine)
    {
        TrustRoots simulated = TrustRoots.Amd.WithUnsafeExtra([evidence.Root]);
        byte[] flipped = [.. evidence.Report];
        flipped[SignedByte] ^= 1;
        byte[] otherData = [.. evidence.ReportData];
        otherData[0] ^= 1;
        Case[] cases =
        [
            new("good", CheckId.None, evidence.Report, simulated, evidence.ReportData, IsRegistered: true),
            new("changed report", CheckId.ReportSignatureIsValid, flipped, simulated, evidence.ReportData, IsRegistered: true),
            new("foreign root", CheckId.RootIsPinned, evidence.Report, TrustRoots.Amd, evidence.ReportData, IsRegistered: true),
            new("debug policy", CheckId.DebugIsOff, evidence.DebugReport, simulated, evidence.ReportData, IsRegistered: true),
            new("unknown measurement", CheckId.MeasurementIsRegistered, evidence.Report, simulated, evidence.ReportData, IsRegistered: false),
            new("other report data", CheckId.ReportDataMatchesBinding, evidence.Report, simulated, otherData, IsRegistered: true),
        ];
        return (cases.Length, Enumerable.Repeat(cases, Rounds).SelectMany(c => c).Select(c => Fault(c, evidence, engine)).FirstOrDefault(f => f is not null));
    }

    private static string? Fault(Case test, SelfTestEvidence evidence, SignatureEngine engine)
    {
        AttestationVerdict? verdict = Judged(test, evidence, engine);
        CheckId[]? failed = verdict?.Checks.Where(c => c.Status == CheckStatus.Failed).Select(c => c.Id).ToArray();
        bool isAsExpected = test.Failing == CheckId.None
            ? verdict is { Accepted: true } && failed is []
            : verdict is { Accepted: false } && failed!.Contains(test.Failing);
        return isAsExpected ? null : $"case '{test.Name}': {(failed is null ? "does not parse" : string.Join(", ", failed))}";
    }

    private static AttestationVerdict? Judged(Case test, SelfTestEvidence evidence, SignatureEngine engine)
    {
        if (!AttestationReport.TryParse(test.Report, out AttestationReport? report, out _)
            || !ReportDataBinding.TryExact(test.ReportData, out ReportDataBinding? binding, out _))
        {
            return null;
        }

        MeasurementRecords records = test.IsRegistered
            ? new MeasurementRecords(report.Measurement, null, [Reference(evidence.Measurement)])
            : MeasurementRecords.Empty(report.Measurement);
        Authentication authentication = Authenticator.Authenticate(new Evidence(report, evidence.Certificates), test.Roots, evidence.At, engine);
        return Judge.Decide(authentication, AppraisalPolicy.Default, new Expectations { Binding = binding }, records, evidence.At);
    }

    private static ReferenceValue Reference(Digest384 measurement) => new()
    {
        Name = "self-test",
        Image = "self-test",
        Version = "1",
        Kind = LaunchKind.SvsmIgvm,
        State = ReferenceState.Active,
        Origin = ReferenceOrigin.Asserted,
        Measurements = [new ReferenceMeasurement(measurement)],
    };

    private sealed record Case(string Name, CheckId Failing, byte[] Report, TrustRoots Roots, byte[] ReportData, bool IsRegistered);
}
