using Google.Protobuf;
using SevSnp.Launch;
using Verifier.Client.Input;
using Verifier.Client.Options;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Online;

/// <summary>Makes the request to verify. Certificates are sent as they are in the files: the service parses and judges them.</summary>
internal static class VerifyRequests
{
    public static V1.VerifyRequest Create(
        string? tenant, EvidenceFiles files, BindingInput binding, ExpectationInput expected, string? image, IReadOnlyList<LaunchKind> kinds)
    {
        V1.VerifyRequest request = new()
        {
            Tenant = tenant ?? "",
            Evidence = new V1.Evidence { Snp = Evidence(files) },
            Binding = binding.ToRequest(),
            Expectations = new V1.Expectations { Image = image ?? "", Constraints = Constraints(expected) },
        };
        request.Expectations.Kinds.AddRange(kinds.Select(Kind));
        return request;
    }

    public static V1.ResultRequest Result(ResultInput result) => new()
    {
        Audience = result.Audience,
        Profile = result.IsOf03 ? V1.ResultRequest.Types.Profile.Ear03 : V1.ResultRequest.Types.Profile.Ear2023,
    };

    public static V1.LaunchKind Kind(LaunchKind kind) => kind switch
    {
        LaunchKind.SvsmIgvm => V1.LaunchKind.SvsmIgvm,
        LaunchKind.Igvm => V1.LaunchKind.Igvm,
        LaunchKind.Stage1 => V1.LaunchKind.Stage1,
        LaunchKind.Ovmf => V1.LaunchKind.Ovmf,
        _ => V1.LaunchKind.Unspecified,
    };

    /// <summary>Constraints, or null when nothing is stated.</summary>
    public static V1.Constraints? Constraints(ExpectationInput expected)
    {
        if (expected is { Vmpls: null, MinReportVersion: null, HostData: null })
        {
            return null;
        }

        V1.Constraints constraints = new();
        if (expected.Vmpls is { } vmpls)
        {
            constraints.Vmpls = new V1.VmplSet();
            constraints.Vmpls.Values.AddRange(vmpls.Order());
        }

        if (expected.MinReportVersion is { } version)
        {
            constraints.MinReportVersion = version;
        }

        if (expected.HostData is { } hostData)
        {
            constraints.HostData = ByteString.CopyFrom(hostData.Span);
        }

        return constraints;
    }

    public static V1.SnpEvidence Evidence(EvidenceFiles files)
    {
        V1.SnpEvidence evidence = new() { Report = ByteString.CopyFrom(files.Report.Bytes) };
        evidence.RevocationLists.AddRange(CertificateFiles.RevocationLists(files).Select(der => ByteString.CopyFrom(der)));
        InputFile[] tables = [.. files.Bundles.Where(f => !CertificateFiles.IsPem(f) && !CertificateFiles.IsDer(f))];
        if (tables.Length > 0 && files.Leaves.Count + files.Bundles.Count > 1)
        {
            throw CommandFailure.Usage($"{tables[0].Name}: a certificate table is sent alone", "give either the table or the other certificate files");
        }

        if (tables.Length > 0)
        {
            evidence.Table = ByteString.CopyFrom(tables[0].Bytes);
        }
        else if (files.Leaves.Count + files.Bundles.Count > 0)
        {
            evidence.Pem = CertificateFiles.ToPem(files);
        }

        return evidence;
    }
}
