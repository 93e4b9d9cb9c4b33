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

    /// <summary>Reads a file of evidence, which may be too large as it may be otherwise malformed.</summary>
    public static InputFile Read(FileInfo file) => InputFile.Read(
        file, CertificateBundle.MaxSize, () => new CommandFailure(ExitCode.Malformed, InputFile.TooLarge(file, CertificateBundle.MaxSize)));

    /// <summary>Everything that was given, as the library takes it. What is no certificate is kept as a fault, for the library to judge.</summary>
    /// <exception cref="CommandFailure">A certificate table is malformed.</exception>
    public static CertificateBundle Bundle(EvidenceFiles files) => Bundle(files.Bundles)
        .With(files.Leaves.Select(PemOrDer).Aggregate(CertificateBundle.Empty, (all, leaf) => all.With(leaf)))
        .WithRevocationLists(files.RevocationLists.Select(f => new ReadOnlyMemory<byte>(RevocationList(f))));

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

    /// <summary>One PEM text with the certificates of several files, each as it was given.</summary>
    public static string ToPem(IEnumerable<InputFile> files)
    {
        StringBuilder pem = new();
        foreach (InputFile file in files)
        {
            pem.Append(IsPem(file) ? Encoding.Latin1.GetString(file.Bytes) : PemEncoding.WriteString("CERTIFICATE", file.Bytes)).Append('\n');
        }

        return pem.ToString();
    }

    /// <summary>A revocation list in DER.</summary>
    /// <exception cref="CommandFailure">The file is neither DER nor PEM.</exception>
    public static byte[] RevocationList(InputFile file)
    {
        if (!IsPem(file))
        {
            return file.Bytes;
        }

        string text = Encoding.Latin1.GetString(file.Bytes);
        byte[] der = new byte[file.Bytes.Length];
        return PemEncoding.TryFind(text, out PemFields fields) && text[fields.Label] == "X509 CRL" && Convert.TryFromBase64String(text[fields.Base64Data], der, out int length)
            ? der[..length]
            : throw CommandFailure.Usage($"{file.Name}: not a revocation list in DER or PEM");
    }

    // Whatever is not PEM is taken for DER, and never for a table: how a file with one certificate is read.
    private static CertificateBundle PemOrDer(InputFile file) =>
        IsPem(file) ? CertificateBundle.FromPem(Encoding.Latin1.GetString(file.Bytes)) : CertificateBundle.FromDer([file.Bytes]);
}
