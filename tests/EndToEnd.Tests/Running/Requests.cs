using Google.Protobuf;
using Verifier.Contracts.V1;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>Requests as a relying party and a registrar make them.</summary>
internal static class Requests
{
    /// <summary>Asks about a scenario with its own REPORT_DATA expected, handing over what certificates the caller chooses.</summary>
    public static VerifyRequest Verify(Scenario scenario, params IEnumerable<byte[]> certificates) =>
        Verify(scenario.SignReport(), scenario.Report.ReportData, certificates);

    public static VerifyRequest Verify(byte[] report, byte[]? reportData, params IEnumerable<byte[]> certificates)
    {
        SnpEvidence evidence = new() { Report = ByteString.CopyFrom(report) };
        DerCertificates der = new();
        der.Certificates.AddRange(certificates.Select(c => ByteString.CopyFrom(c)));
        if (der.Certificates.Count > 0)
        {
            evidence.Der = der;
        }

        VerifyRequest request = new() { Evidence = new Evidence { Snp = evidence } };
        if (reportData is not null)
        {
            request.Binding = new ReportDataBinding { ReportData = ByteString.CopyFrom(reportData) };
        }

        return request;
    }

    public static CreateReferenceValueRequest Create(string id, byte[] measurement) => new()
    {
        ReferenceValueId = id,
        ReferenceValue = new ReferenceValue
        {
            Image = "coconut-svsm",
            Version = "2026.11",
            Kind = LaunchKind.SvsmIgvm,
            Measurements = { new LaunchMeasurement { Digest = ByteString.CopyFrom(measurement) } },
        },
    };

    /// <summary>Trusts what a key has signed for ids that family and image share.</summary>
    public static CreateReferenceValueRequest CreateBySigner(string id, byte[] key, byte[] ids, uint minGuestSvn)
    {
        CreateReferenceValueRequest request = Create(id, new byte[48]);
        request.RequestId = Guid.NewGuid().ToString();
        request.ReferenceValue.Measurements.Clear();
        request.ReferenceValue.AcceptBySigner = true;
        request.ReferenceValue.Constraints = new Constraints
        {
            Signer = new SignerRule
            {
                Pinned = new()
                {
                    IdKeyDigests = { ByteString.CopyFrom(key) },
                    FamilyId = ByteString.CopyFrom(ids),
                    ImageId = ByteString.CopyFrom(ids),
                    MinGuestSvn = minGuestSvn,
                },
            },
        };
        return request;
    }

    public static string Name(string id) => $"tenants/default/referenceValues/{id}";

    /// <summary>Wire names of the checks that failed, in order.</summary>
    public static string[] Failed(this AttestationVerdict verdict) =>
        [.. verdict.Checks.Where(c => c.Status == Check.Types.Status.Failed).Select(c => c.Id)];
}
