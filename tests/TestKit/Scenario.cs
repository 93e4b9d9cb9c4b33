using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using SevSnp.Reports;
using SevSnp.Verification;

namespace Verifier.TestKit;

/// <summary>
/// A guest and everything to judge it by: report, certificates, revocation lists, roots and time, all good. A test changes the one
/// thing it is about with <c>scenario with { ... }</c>.
/// </summary>
public sealed record Scenario
{
    private Scenario(VirtualAmd amd, SimulatedKey leaf, uint version)
    {
        Amd = amd;
        Leaf = leaf;
        Report = ReportBuilder.For(leaf, version);
        Issuer = amd.IssuerOf(leaf.Kind).Certificate;
        Root = amd.Ark.Certificate;
        Roots = amd.Roots;
    }

    /// <summary>Who issued the certificates.</summary>
    public VirtualAmd Amd { get; }

    /// <summary>The key that signs, with the certificate that is presented.</summary>
    public SimulatedKey Leaf { get; init; }

    /// <summary>The report to be signed.</summary>
    public ReportBuilder Report { get; init; }

    /// <summary>The intermediate that is presented.</summary>
    public byte[] Issuer { get; init; }

    /// <summary>The root that is presented.</summary>
    public byte[] Root { get; init; }

    /// <summary>Revocation lists at hand.</summary>
    public IReadOnlyList<byte[]> RevocationLists { get; init; } = [];

    /// <summary>The roots that are trusted.</summary>
    public TrustRoots Roots { get; init; }

    /// <summary>The time of judging.</summary>
    public DateTimeOffset At { get; init; } = VirtualAmd.Now;

    /// <summary>Leaf, intermediate, root, DER each.</summary>
    public IReadOnlyList<byte[]> Certificates => [Leaf.Certificate, Issuer, Root];

    /// <summary>The three certificates in PEM.</summary>
    public string CertificatesPem => Pem.Certificates([.. Certificates]);

    /// <summary>The three certificates as a GHCB certificate table.</summary>
    public CertificateTableBuilder Table => new CertificateTableBuilder()
        .With(CertificateTableBuilder.Ark, Root)
        .With(CertificateTableBuilder.Ask, Issuer)
        .With(Leaf.Kind == KeyKind.Vlek ? CertificateTableBuilder.Vlek : CertificateTableBuilder.Vcek, Leaf.Certificate);

    /// <summary>Certificates and revocation lists, as the library takes them.</summary>
    public CertificateBundle Bundle =>
        CertificateBundle.FromDer(Certificates.Select(der => new ReadOnlyMemory<byte>(der)))
            .WithRevocationLists(RevocationLists.Select(der => new ReadOnlyMemory<byte>(der)));

    /// <summary>A guest whose report a VCEK signs.</summary>
    /// <param name="product">The product line.</param>
    /// <param name="version">Report version.</param>
    /// <returns>The scenario.</returns>
    public static Scenario Vcek(ProductLine product = ProductLine.Milan, uint version = 5) => Of(VirtualAmd.For(product), KeyKind.Vcek, version);

    /// <summary>A guest whose report a VLEK signs.</summary>
    /// <param name="product">The product line.</param>
    /// <param name="version">Report version.</param>
    /// <returns>The scenario.</returns>
    public static Scenario Vlek(ProductLine product = ProductLine.Milan, uint version = 5) => Of(VirtualAmd.For(product), KeyKind.Vlek, version);

    /// <summary>A guest under any virtual AMD.</summary>
    /// <param name="amd">The issuer.</param>
    /// <param name="kind">VCEK or VLEK.</param>
    /// <param name="version">Report version.</param>
    /// <returns>The scenario.</returns>
    public static Scenario Of(VirtualAmd amd, KeyKind kind = KeyKind.Vcek, uint version = 5)
    {
        ArgumentNullException.ThrowIfNull(amd);
        return new Scenario(amd, kind == KeyKind.Vlek ? amd.Vlek() : amd.Vcek(), version);
    }

    /// <summary>The same with another certificate of the leaf's key.</summary>
    /// <param name="change">The change.</param>
    /// <returns>A changed scenario.</returns>
    public Scenario WithLeaf(Func<CertificateRecipe, CertificateRecipe> change) => this with { Leaf = Leaf.With(change) };

    /// <summary>The same with a changed report, to be signed after the change.</summary>
    /// <param name="change">The change.</param>
    /// <returns>A changed scenario.</returns>
    public Scenario WithReport(Func<ReportBuilder, ReportBuilder> change) => this with { Report = change(Report) };

    /// <summary>Signs the report.</summary>
    /// <returns>1184 bytes.</returns>
    public byte[] SignReport() => Report.Sign(Leaf);

    /// <summary>Signs the report and makes the first half of judging.</summary>
    /// <returns>The outcome.</returns>
    public Authentication Authenticate() => Authenticate(SignReport(), Bundle);

    /// <summary>
    /// Signs the report and makes both halves of judging: its measurement is registered and its REPORT_DATA expected, so that
    /// only what the scenario changed can be refused.
    /// </summary>
    /// <param name="policy">The policy; by default the default one.</param>
    /// <returns>The verdict.</returns>
    public AttestationVerdict Judge(AppraisalPolicy? policy = null)
    {
        if (!ReportDataBinding.TryExact(Report.ReportData, out ReportDataBinding? binding, out string rule))
        {
            throw new InvalidOperationException(rule);
        }

        Digest384 measurement = new(Report.Measurement);
        ReferenceValue value = new()
        {
            Name = "tenants/default/referenceValues/simulated",
            Image = "coconut-svsm",
            Version = "2026.11",
            Kind = LaunchKind.SvsmIgvm,
            State = ReferenceState.Active,
            Origin = ReferenceOrigin.Asserted,
            Measurements = [new ReferenceMeasurement(measurement)],
        };
        return SevSnp.Judgement.Judge.Decide(
            Authenticate(), policy ?? AppraisalPolicy.Default, new Expectations { Binding = binding }, new MeasurementRecords(measurement, null, [value]), At);
    }

    /// <summary>Makes the first half of judging with a given report and bundle.</summary>
    /// <param name="report">The report; it must parse.</param>
    /// <param name="bundle">The certificates.</param>
    /// <returns>The outcome.</returns>
    public Authentication Authenticate(byte[] report, CertificateBundle bundle) =>
        AttestationReport.TryParse(report, out AttestationReport? parsed, out EvidenceFault fault)
            ? Authenticator.Authenticate(new Evidence(parsed, bundle), Roots, At)
            : throw new InvalidOperationException($"The report does not parse: {fault}");
}
