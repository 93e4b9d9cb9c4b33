namespace SevSnp.Reports;

/// <summary>The signature of a report as a verifier wants it: R then S, 48 bytes each, big endian.</summary>
internal static class ReportSignature
{
    public const int Size = 2 * ReportLayout.Scalar;

    // Order of the group of P-384 (FIPS 186-5, SP 800-186 section 3.2.1.4), big endian.
    private static readonly byte[] Order = Convert.FromHexString(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973");

    public static void Read(AttestationReport report, Span<byte> destination)
    {
        Scalar(report, ReportLayout.SignatureR, destination[..ReportLayout.Scalar]);
        Scalar(report, ReportLayout.SignatureS, destination[ReportLayout.Scalar..]);
    }

    /// <summary>R and S are each from 1 to n-1. A small S is not demanded: genuine hardware makes large ones.</summary>
    public static bool IsInRange(ReadOnlySpan<byte> signature) =>
        signature.Length == Size && IsScalarInRange(signature[..ReportLayout.Scalar]) && IsScalarInRange(signature[ReportLayout.Scalar..]);

    private static bool IsScalarInRange(ReadOnlySpan<byte> scalar) => scalar.ContainsAnyExcept((byte)0) && scalar.SequenceCompareTo(Order) < 0;

    private static void Scalar(AttestationReport report, int offset, Span<byte> destination)
    {
        report.Bytes.Slice(offset, ReportLayout.Scalar).CopyTo(destination);
        destination.Reverse();
    }
}
