using System.Security.Cryptography;

namespace Verifier.TestKit;

/// <summary>PEM texts.</summary>
public static class Pem
{
    /// <summary>Certificates one behind the other.</summary>
    /// <param name="certificates">DER each.</param>
    /// <returns>The text, LF line ends.</returns>
    public static string Certificates(params ReadOnlySpan<byte[]> certificates)
    {
        string text = string.Empty;
        foreach (byte[] der in certificates)
        {
            text += PemEncoding.WriteString("CERTIFICATE", der) + "\n";
        }

        return text;
    }
}
