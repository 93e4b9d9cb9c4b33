using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Policies;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.TestKit;

namespace Verifier.Perf.Benchmarks;

/// <summary>One whole judgement of a simulated report, against one P-384 verification by the platform with its key kept.</summary>
[MemoryDiagnoser]
public class JudgeReport
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly byte[] _message = new byte[0x2A0];
    private byte[] _signature = [];
    private byte[] _report = [];
    private CertificateBundle _certificates = CertificateBundle.Empty;
    private TrustRoots _roots = TrustRoots.Amd;
    private Expectations _expectations = new();
    private AttestationReport _parsed = null!;
    private Authentication _authentication = null!;
    private byte[] _reportSignature = [];

    /// <summary>Makes a guest and its certificates.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _signature = _key.SignData(_message, HashAlgorithmName.SHA384);
        Scenario scenario = Scenario.Vcek();
        _report = scenario.SignReport();
        _certificates = scenario.Bundle;
        _roots = scenario.Roots;
        _expectations = ReportDataBinding.TryExact(scenario.Report.ReportData, out ReportDataBinding? binding, out string rule)
            ? new Expectations { Binding = binding }
            : throw new InvalidOperationException(rule);
        _parsed = Parsed();
        _authentication = Authenticator.Authenticate(new Evidence(_parsed, _certificates), _roots, VirtualAmd.Now);
        _reportSignature = [.. _report.AsSpan(0x2A0, 48), .. _report.AsSpan(0x2A0 + 72, 48)];
        _reportSignature.AsSpan(0, 48).Reverse();
        _reportSignature.AsSpan(48).Reverse();
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public bool PlatformP384Verification() => _key.VerifyData(_message, _signature, HashAlgorithmName.SHA384);

    /// <summary>Parsing the report alone.</summary>
    [Benchmark]
    public AttestationReport Parse() => Parsed();

    /// <summary>Leaf, intermediate and root up to a pinned root, with certificates that were parsed before.</summary>
    [Benchmark]
    public bool Chain() => ChainVerifier.TryVerify(_parsed.SigningKey, _parsed.CpuProduct, _certificates, _roots, VirtualAmd.Now, new List<CheckResult>(), out _)
        ? true
        : throw new InvalidOperationException("The simulated chain does not hold.");

    /// <summary>The report's signature, with a key that was verified before.</summary>
    [Benchmark]
    public bool Signature() => _authentication.Endorsement!.Verify(_parsed.SignedBytes, _reportSignature)
        ? true
        : throw new InvalidOperationException("The simulated signature does not hold.");

    /// <summary>Policy, expectations and reference values, for a report that is known to be authentic.</summary>
    [Benchmark]
    public bool Decide() => Decided(_parsed, _authentication);

    /// <summary>Parsing, chain, signature and all checks, with certificates that were parsed before.</summary>
    [Benchmark]
    public bool ParseAndJudge()
    {
        AttestationReport report = Parsed();
        return Decided(report, Authenticator.Authenticate(new Evidence(report, _certificates), _roots, VirtualAmd.Now));
    }

    private bool Decided(AttestationReport report, Authentication authentication)
    {
        ReferenceValue value = new()
        {
            Name = "tenants/default/referenceValues/guest",
            Image = "guest",
            Version = "1",
            State = ReferenceState.Active,
            Measurements = [new ReferenceMeasurement(report.Measurement)],
        };
        AttestationVerdict verdict = Judge.Decide(
            authentication, AppraisalPolicy.Default, _expectations, new MeasurementRecords(report.Measurement, null, [value]), VirtualAmd.Now);
        return verdict.Accepted ? true : throw new InvalidOperationException(verdict.Summary);
    }

    private AttestationReport Parsed() =>
        AttestationReport.TryParse(_report, out AttestationReport? report, out EvidenceFault fault) ? report : throw new InvalidOperationException(fault.ToString());
}
