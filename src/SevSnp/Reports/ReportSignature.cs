namespace SevSnp.Reports;

/// <summary>The signature of a report as a verifier wants it: R then S, 48 bytes each, big endian.</summary>
internal static class ReportSignature
{
    public const int Size = 2 * ReportLayout.Scalar;

    public static void Read(AttestationReport report, Span<byte> destination)
    {
        Scalar(report, ReportLayout.SignatureR, destination[..ReportLayout.Scalar]);
        Scalar(report, ReportLayout.SignatureS, destination[ReportLayout.Scalar..]);
    }

    private static void Scalar(AttestationReport report, int offset, Span<byte> destination)
    {
        report.Bytes.Slice(offset, ReportLayout.Scalar).CopyTo(destination);
        destination.Reverse();
    }
}
