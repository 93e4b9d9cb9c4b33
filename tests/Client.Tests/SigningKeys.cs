using System.Security.Cryptography;

namespace Verifier.Client.Tests;

/// <summary>
/// Files with the keys of RFC 6979 A.2.6 and of the scalar 2: public knowledge, so that no file of the repository looks like a secret.
/// </summary>
internal static class SigningKeys
{
    public const string IdKeyDigest = "c82b87995cee050c98271728955809072da07aa8d48252f4a9b85e208d9487a659defd62868a10a46c0252fa230a3452";
    public const string AuthorKeyDigest = "0fa1181994e8fe9a2411a51bf9ef0c2f7a9680bd1601a913bfd32b095bc0ce0d3a18a18aee8e7e4acca9040f9d3269a8";

    /// <summary>Writes <c>id.pem</c> (SEC 1), <c>author.pem</c> (PKCS #8), <c>id-public.pem</c>, <c>p256.pem</c> and <c>encrypted.pem</c>.</summary>
    public static void WriteTo(DirectoryInfo folder)
    {
        byte[] two = new byte[48];
        two[^1] = 2;
        using ECDsa id = FromScalar(Convert.FromHexString("6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5"));
        using ECDsa author = FromScalar(two);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        void Write(string name, string pem) => File.WriteAllText(Path.Combine(folder.FullName, name), pem + "\n");
        Write("id.pem", id.ExportECPrivateKeyPem());
        Write("author.pem", author.ExportPkcs8PrivateKeyPem());
        Write("id-public.pem", id.ExportSubjectPublicKeyInfoPem());
        Write("p256.pem", other.ExportPkcs8PrivateKeyPem());
        Write("encrypted.pem", other.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
    }

    private static ECDsa FromScalar(byte[] scalar) => ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP384, D = scalar });
}
