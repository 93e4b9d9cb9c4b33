using System.Security.Cryptography;
using System.Text;
using Verifier.Service.Tokens;

namespace Verifier.Tests.Tokens;

public sealed class TokenKeyTests
{
    // RFC 7638 over the required members in order, made by hand.
    [Fact]
    public void KeyId_IsTheThumbprint()
    {
        Assert.True(Parse(TokenKey.NewPem(), out TokenKey? key));

        byte[] hash = SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{key!.X}}","y":"{{key.Y}}"}"""));
        Assert.Equal(Convert.ToBase64String(hash).TrimEnd('=').Replace('+', '-').Replace('/', '_'), key.Id);
    }

    [Fact]
    public void BothPemForms_GiveTheSameKey()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.True(Parse(key.ExportPkcs8PrivateKeyPem(), out TokenKey? pkcs8));
        Assert.True(Parse(key.ExportECPrivateKeyPem(), out TokenKey? sec1));
        Assert.Equal(pkcs8!.Id, sec1!.Id);
    }

    public static TheoryData<string, string> Unusable => new()
    {
        { "nothing", "" },
        { "no PEM", "secret" },
        { "another curve", Pem(ECCurve.NamedCurves.nistP384, k => k.ExportPkcs8PrivateKeyPem()) },
        { "a public key", Pem(ECCurve.NamedCurves.nistP256, k => k.ExportSubjectPublicKeyInfoPem()) },
        { "two keys", TokenKey.NewPem() + TokenKey.NewPem() },
        { "encrypted", Pem(ECCurve.NamedCurves.nistP256, k => k.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1))) },
        { "RSA", Rsa() },
        { "a curve that nobody knows", Pem(ECCurve.NamedCurves.nistP256, k => PemEncoding.WriteString("PRIVATE KEY", UnknownCurve(k.ExportPkcs8PrivateKey()))) },
        { "cut", TokenKey.NewPem()[..100] },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void OtherFiles_AreRefused(string what, string pem) => Assert.False(Parse(pem, out _), what);

    [Fact]
    public void TooLargeFile_IsRefused_AndAMissingOneIsAbsent()
    {
        string folder = Directory.CreateTempSubdirectory("verifier-keys-").FullName;
        string large = Path.Combine(folder, "large.pem");
        File.WriteAllText(large, TokenKey.NewPem() + new string('\n', 20_000));

        TokenKeyFile refused = TokenKeyFile.Read(large);
        TokenKeyFile absent = TokenKeyFile.Read(Path.Combine(folder, "none.pem"));
        TokenKeyFile directory = TokenKeyFile.Read(folder);
        Directory.Delete(folder, recursive: true);

        Assert.Equal((null, false), (refused.Key, refused.IsAbsent));
        Assert.Equal((null, true), (absent.Key, absent.IsAbsent));
        Assert.Equal((null, false), (directory.Key, directory.IsAbsent));
    }

    // The same curve, its numbers written out: not every reader takes that for P-256, and a name to compare there is none.
    [Fact]
    public void CurveWrittenOut_IsRefused()
    {
        using ECDsa named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa written = ECDsa.Create(named.ExportExplicitParameters(includePrivateParameters: true));
        Assert.False(Parse(written.ExportPkcs8PrivateKeyPem(), out _));
        Assert.True(Parse(named.ExportPkcs8PrivateKeyPem(), out _));
    }

    // One number of the curve's name is changed.
    private static byte[] UnknownCurve(byte[] key)
    {
        key[key.AsSpan().IndexOf((byte[])[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]) + 6] = 9;
        return key;
    }

    private static bool Parse(string pem, out TokenKey? key) => TokenKey.TryParse(Encoding.ASCII.GetBytes(pem), out key);

    private static string Pem(ECCurve curve, Func<ECDsa, string> export)
    {
        using ECDsa key = ECDsa.Create(curve);
        return export(key);
    }

    private static string Rsa()
    {
        using RSA key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }
}
