using System.Security.Cryptography;
using System.Text;
using SevSnp.Certificates;
using SevSnp.Checks;
using Verifier.Client.Options;

namespace Verifier.Client.Input;

/// <summary>Certificates and revocation lists as files hold them: PEM, DER or the GHCB certificate table, told by the first bytes.</summary>
internal static class CertificateFiles
{
    private const byte DerSequence = 0x30;
    private const string CertificateLabel = "CERTIFICATE";
    private const string RevocationListLabel = "X509 CRL";

    /// <summary>Reads a file of evidence, which may be too large as it may be otherwise malformed.</summary>
    public static InputFile Read(FileInfo file) => InputFile.Read(
        file, CertificateBundle.MaxSize, () => new CommandFailure(ExitCode.Malformed, InputFile.TooLarge(file, CertificateBundle.MaxSize)));

    /// <summary>Everything that was given, as the library takes it. What is no certificate is kept as a fault, for the library to judge.</summary>
    /// <exception cref="CommandFailure">A certificate table is malformed.</exception>
    public static CertificateBundle Bundle(EvidenceFiles files) => Bundle(files.Bundles)
        .With(files.Leaves.Select(PemOrDer).Aggregate(CertificateBundle.Empty, (all, leaf) => all.With(leaf)))
        .WithRevocationLists(RevocationLists(files).Select(der => new ReadOnlyMemory<byte>(der)));

    /// <summary>The certificates and revocation lists of files that may be a certificate table.</summary>
    /// <exception cref="CommandFailure">A certificate table is malformed.</exception>
    public static CertificateBundle Bundle(IEnumerable<InputFile> files)
    {
        CertificateBundle all = CertificateBundle.Empty;
        foreach (InputFile file in files)
        {
            if (IsPem(file))
            {
                all = all.With(PemOrDer(file));
                continue;
            }

            if (!CertificateBundle.TryFromFile(file.Bytes, out CertificateBundle? bundle, out EvidenceFault fault))
            {
                throw CommandFailure.Malformed(file.Name, fault);
            }

            all = all.With(bundle);
        }

        return all;
    }

    // A table may hold PEM itself, but it always has zero bytes, and text never.
    public static bool IsPem(InputFile file) => !IsDer(file) && !file.Bytes.Contains((byte)0) && file.Bytes.AsSpan().IndexOf("-----BEGIN "u8) >= 0;

    public static bool IsDer(InputFile file) => file.Bytes.Length > 0 && file.Bytes[0] == DerSequence;

    /// <summary>One PEM text with the certificates, and the revocation lists of bundles, of several files, each as it was given.</summary>
    public static string ToPem(EvidenceFiles files)
    {
        StringBuilder pem = new();
        foreach ((string label, InputFile file) in files.Leaves.Select(f => (CertificateLabel, f)).Concat(files.Bundles.Select(f => (Label(f), f))))
        {
            pem.Append(IsPem(file) ? Encoding.Latin1.GetString(file.Bytes) : PemEncoding.WriteString(label, file.Bytes)).Append('\n');
        }

        return pem.ToString();
    }

    /// <summary>The revocation lists that were given as such, in DER. A file in PEM may hold several; none may be passed over.</summary>
    /// <exception cref="CommandFailure">A file is neither DER nor PEM, or there are too many lists.</exception>
    public static IReadOnlyList<byte[]> RevocationLists(EvidenceFiles files)
    {
        byte[][] lists = [.. files.RevocationLists.SelectMany(f => IsPem(f) ? PemRevocationLists(f) : [f.Bytes])];
        return lists.Length <= EvidenceOptions.MaxRevocationLists
            ? lists
            : throw CommandFailure.Usage($"there may be at most {EvidenceOptions.MaxRevocationLists} revocation lists, the files hold {lists.Length}");
    }

    private static List<byte[]> PemRevocationLists(InputFile file)
    {
        List<byte[]> lists = [];
        for (ReadOnlySpan<char> rest = Encoding.Latin1.GetString(file.Bytes).AsSpan().Trim(); !rest.IsEmpty;)
        {
            byte[] der = [];
            if (!PemEncoding.TryFind(rest, out PemFields fields) || fields.Location.Start.Value != 0 || !rest[fields.Label].SequenceEqual(RevocationListLabel)
                || !Convert.TryFromBase64Chars(rest[fields.Base64Data], der = new byte[fields.DecodedDataLength], out _))
            {
                throw CommandFailure.Usage($"{file.Name}: not a revocation list in DER, nor PEM of revocation lists alone");
            }

            lists.Add(der);
            rest = rest[fields.Location.End..].TrimStart();
        }

        return lists;
    }

    // A bundle in DER is one certificate or one revocation list; the library tells which.
    private static string Label(InputFile bundle) =>
        CertificateBundle.TryFromFile(bundle.Bytes, out CertificateBundle? read, out _) && read.RevocationLists.Count > 0 ? RevocationListLabel : CertificateLabel;

    // Whatever is not PEM is taken for DER, and never for a table: how a file with one certificate is read.
    private static CertificateBundle PemOrDer(InputFile file) =>
        IsPem(file) ? CertificateBundle.FromPem(Encoding.Latin1.GetString(file.Bytes)) : CertificateBundle.FromDer([file.Bytes]);
}
