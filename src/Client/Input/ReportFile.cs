using System.Buffers;
using SevSnp.Checks;
using SevSnp.Reports;

namespace Verifier.Client.Input;

/// <summary>Files with an attestation report.</summary>
internal static class ReportFile
{
    // Larger than any report, so that the length of a wrong file can be told, and small enough to read blindly.
    private const int ReadLimit = 64 * 1024;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    public static InputFile Read(FileInfo file) => InputFile.Read(file, ReadLimit, () => CommandFailure.Malformed(
        file.ToString(),
        new EvidenceFault(CheckId.ReportLengthIsExact, "report", -1, $"must be exactly {AttestationReport.Size} bytes long, is more than {ReadLimit}")));

    public static AttestationReport Parse(InputFile file) => AttestationReport.TryParse(file.Bytes, out AttestationReport? report, out EvidenceFault fault)
        ? report
        : throw CommandFailure.Malformed(file.Name, fault, Hint(file.Bytes));

    // The two mistakes that are made most often: a text form of the report, and a report inside a larger structure.
    private static string? Hint(ReadOnlySpan<byte> bytes) => bytes switch
    {
        { Length: AttestationReport.Size } => null,
        { Length: >= AttestationReport.Size * 2 and <= (AttestationReport.Size * 2) + 2 } when !bytes.TrimEnd("\r\n"u8).ContainsAnyExcept(HexDigits) =>
            "the file looks like hexadecimal digits; turn it into bytes with: xxd -r -p FILE",
        { Length: AttestationReport.Size + 32 or AttestationReport.Size + 36 } =>
            "the file is longer by a header; the report of a SNP_GET_REPORT answer begins at byte 32",
        _ => null,
    };
}
