using Google.Protobuf;
using SevSnp.Primitives;
using Verifier.Contracts.V1;
using Verifier.TestKit;

namespace Verifier.Tests.Rpc;

/// <summary>Good requests, of which a test spoils one thing.</summary>
internal static class Requests
{
    public static ByteString Bytes(int length, byte value = 7) => ByteString.CopyFrom([.. Enumerable.Repeat(value, length)]);

    public static VerifyRequest Verify(Scenario? scenario = null)
    {
        scenario ??= Scenario.Vcek();
        SnpEvidence snp = new() { Report = ByteString.CopyFrom(scenario.SignReport()), Der = new DerCertificates() };
        snp.Der.Certificates.AddRange(scenario.Certificates.Select(c => ByteString.CopyFrom(c)));
        return new VerifyRequest
        {
            Evidence = new Evidence { Snp = snp },
            Binding = new ReportDataBinding { Nonce = ByteString.CopyFrom(ReportBuilder.DefaultReportData) },
        };
    }

    public static CreateReferenceValueRequest Create(string id = "coconut-svsm-2026-11") => new()
    {
        ReferenceValueId = id,
        ReferenceValue = new ReferenceValue
        {
            Image = "coconut-svsm",
            Version = "2026.11",
            Kind = LaunchKind.SvsmIgvm,
            Measurements = { new LaunchMeasurement { Digest = ByteString.CopyFrom(ReportBuilder.DefaultMeasurement) } },
        },
    };

    /// <summary>Pins a signer, its family and its image.</summary>
    public static Constraints SignedBy(Action<Constraints>? spoil = null)
    {
        SignerRule.Types.PinnedSigner pinned = new() { IdKeyDigests = { Bytes(48) }, MinGuestSvn = 5, FamilyId = Bytes(16, 2), ImageId = Bytes(16, 3) };
        Constraints constraints = new() { Signer = new SignerRule { Pinned = pinned } };
        spoil?.Invoke(constraints);
        return constraints;
    }

    public static CreateReferenceValueRequest CreateBySigner(string id = "by-signer")
    {
        CreateReferenceValueRequest create = Create(id);
        create.ReferenceValue.Measurements.Clear();
        create.ReferenceValue.AcceptBySigner = true;
        create.ReferenceValue.Constraints = SignedBy();
        return create;
    }

    public static ObserveReferenceValueRequest Observe(Scenario? scenario = null)
    {
        CreateReferenceValueRequest create = Create();
        create.ReferenceValue.Measurements.Clear();
        return new() { ReferenceValueId = create.ReferenceValueId, ReferenceValue = create.ReferenceValue, Evidence = Verify(scenario).Evidence };
    }

    public static string Name(string id = "coconut-svsm-2026-11") => $"tenants/default/referenceValues/{id}";

    public static Digest384 Measurement => new(ReportBuilder.DefaultMeasurement);
}
