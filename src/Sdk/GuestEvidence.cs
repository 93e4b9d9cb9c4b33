using Google.Protobuf;
using Verifier.Contracts.V1;

namespace Verifier.Sdk;

/// <summary>What a guest presents: a report, the certificates that came with it, and how the challenge went into REPORT_DATA.</summary>
/// <param name="report">The report as the firmware made it, 1184 bytes.</param>
public sealed class GuestEvidence(ReadOnlyMemory<byte> report)
{
    /// <summary>The report.</summary>
    public ReadOnlyMemory<byte> Report { get; } = report;

    /// <summary>The certificate table of the GHCB extended guest request; null when there is none.</summary>
    public ReadOnlyMemory<byte>? CertificateTable { get; init; }

    /// <summary>X.509 certificates in PEM; null when there are none. Not together with <see cref="CertificateTable"/>.</summary>
    public string? CertificatesPem { get; init; }

    /// <summary>How the challenge went into REPORT_DATA. Default: it is REPORT_DATA.</summary>
    public ChallengeUse Use { get; init; } = ChallengeUse.Direct;

    internal Evidence ToProto()
    {
        SnpEvidence snp = new() { Report = ByteString.CopyFrom(Report.Span) };
        if (CertificateTable is { } table)
        {
            snp.Table = ByteString.CopyFrom(table.Span);
        }
        else if (CertificatesPem is { } pem)
        {
            snp.Pem = pem;
        }

        return new Evidence { Snp = snp };
    }
}
