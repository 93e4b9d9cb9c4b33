using System.Security.Cryptography;
using SevSnp.Crypto;
using SevSnp.IdBlocks;

namespace SevSnp.Tests.IdBlocks;

public class P384PrivateKeyTests
{
    private static readonly byte[] Scalar = TestKeys.Small(2);
    private static readonly string Good = TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1(Scalar));

    public static TheoryData<string, string, IdBlockFaultId> Refused => new()
    {
        { "nothing", "", IdBlockFaultId.PemIsMalformed },
        { "no PEM", "0123456789", IdBlockFaultId.PemIsMalformed },
        { "text before the key", "a key\n" + Good, IdBlockFaultId.PemIsMalformed },
        { "text behind the key", Good + "bye\n", IdBlockFaultId.PemIsMalformed },
        { "two keys", Good + Good, IdBlockFaultId.PemIsMalformed },
        { "cut", Good[..^30], IdBlockFaultId.PemIsMalformed },
        { "a certificate", TestKeys.Pem("CERTIFICATE", TestKeys.Sec1(Scalar)), IdBlockFaultId.PemIsMalformed },
        { "parameters alone", TestKeys.Pem("EC PARAMETERS", [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]), IdBlockFaultId.PemIsMalformed },
        { "parameters before PKCS #8", TestKeys.Pem("EC PARAMETERS", [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]) + TestKeys.Pem("PRIVATE KEY", TestKeys.Pkcs8(TestKeys.Sec1(Scalar))), IdBlockFaultId.PemIsMalformed },
        { "parameters of P-256", TestKeys.Pem("EC PARAMETERS", [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]) + Good, IdBlockFaultId.CurveIsUnknown },
        { "spelled-out parameters", TestKeys.Pem("EC PARAMETERS", [0x30, 0x00]) + Good, IdBlockFaultId.CurveIsUnknown },
        { "encrypted PKCS #8", TestKeys.Pem("ENCRYPTED PRIVATE KEY", [0x30, 0x00]), IdBlockFaultId.KeyIsEncrypted },
        { "encrypted SEC 1", "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n", IdBlockFaultId.KeyIsEncrypted },
        { "a public key", PublicPem(), IdBlockFaultId.KeyKindIsWrong },
        { "PKCS #8 under the label of SEC 1", TestKeys.Pem("EC PRIVATE KEY", TestKeys.Pkcs8(TestKeys.Sec1(Scalar))), IdBlockFaultId.KeyIsMalformed },
        { "SEC 1 under the label of PKCS #8", TestKeys.Pem("PRIVATE KEY", TestKeys.Sec1(Scalar)), IdBlockFaultId.KeyIsMalformed },
        { "SEC 1 of another version", TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1(Scalar, version: 2)), IdBlockFaultId.KeyIsMalformed },
        { "PKCS #8 of another version", TestKeys.Pem("PRIVATE KEY", TestKeys.Pkcs8(TestKeys.Sec1(Scalar), version: 1)), IdBlockFaultId.KeyIsMalformed },
        { "a byte behind the DER", TestKeys.Pem("EC PRIVATE KEY", [.. TestKeys.Sec1(Scalar), 0]), IdBlockFaultId.KeyIsMalformed },
        { "a byte behind the inner DER", TestKeys.Pem("PRIVATE KEY", TestKeys.Pkcs8([.. TestKeys.Sec1(Scalar), 0])), IdBlockFaultId.KeyIsMalformed },
        { "no curve", TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1(Scalar, curve: null)), IdBlockFaultId.CurveIsUnknown },
        { "P-256", TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1(Scalar, curve: "1.2.840.10045.3.1.7")), IdBlockFaultId.CurveIsUnknown },
        { "PKCS #8 of P-256", TestKeys.Pem("PRIVATE KEY", TestKeys.Pkcs8(TestKeys.Sec1(Scalar, curve: null), curve: "1.2.840.10045.3.1.7")), IdBlockFaultId.CurveIsUnknown },
        { "PKCS #8 that names two curves", TestKeys.Pem("PRIVATE KEY", TestKeys.Pkcs8(TestKeys.Sec1(Scalar, curve: "1.2.840.10045.3.1.7"))), IdBlockFaultId.CurveIsUnknown },
        { "PKCS #8 of another algorithm", TestKeys.Pem("PRIVATE KEY", TestKeys.Pkcs8(TestKeys.Sec1(Scalar), algorithm: "1.3.132.1.12")), IdBlockFaultId.CurveIsUnknown },
        { "scalar 0", TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1(new byte[48])), IdBlockFaultId.ScalarIsOutOfRange },
        { "scalar n", TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1(P384.Order.ToArray())), IdBlockFaultId.ScalarIsOutOfRange },
        { "a short scalar", TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1([2])), IdBlockFaultId.ScalarIsOutOfRange },
        { "a long scalar", TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1([0, .. Scalar])), IdBlockFaultId.ScalarIsOutOfRange },
        { "the public key of another one", TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1(Scalar, point: Point(3))), IdBlockFaultId.PublicKeyDiffers },
        { "no point for its public key", TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1(Scalar, point: [0x04])), IdBlockFaultId.PublicKeyDiffers },
    };

    [Fact]
    public void KeysOfThePlatform_AreReadInBothForms()
    {
        for (int i = 0; i < 16; i++)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            Assert.True(SnpPublicKey.TryReadPem(key.ExportSubjectPublicKeyInfoPem(), out SnpPublicKey? expected, out _));
            foreach (string pem in new[] { key.ExportECPrivateKeyPem(), key.ExportPkcs8PrivateKeyPem() })
            {
                Assert.True(P384PrivateKey.TryReadPem(pem, out P384PrivateKey? read, out IdBlockFault fault), fault.ToString());
                Assert.Equal(expected.Digest, read.PublicKey.Digest);
                byte[] digest = SHA384.HashData([(byte)i]);
                byte[] signature = new byte[96];
                read.SignDigest(digest, signature);
                Assert.True(key.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
            }
        }
    }

    [Fact]
    public void FormsThatToolsWrite_AreTheSameKey()
    {
        string parameters = TestKeys.Pem("EC PARAMETERS", [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]);
        string[] forms =
        [
            Good,
            Good.Replace("\n", "\r\n", StringComparison.Ordinal),
            "\n" + Good + "\n\n",
            parameters + Good,
            TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1(Scalar, point: Point(2))),
            TestKeys.Pem("PRIVATE KEY", TestKeys.Pkcs8(TestKeys.Sec1(Scalar))),
            TestKeys.Pem("PRIVATE KEY", TestKeys.Pkcs8(TestKeys.Sec1(Scalar, curve: null, point: Point(2)))),
        ];
        Assert.All(forms, form =>
        {
            Assert.True(P384PrivateKey.TryReadPem(form, out P384PrivateKey? key, out IdBlockFault fault), fault.ToString());
            Assert.Equal(TestKeys.Id.PublicKey.Digest, key.PublicKey.Digest);
        });
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void WhatIsNoSuchKey_IsRefused(string name, string pem, IdBlockFaultId id)
    {
        Assert.False(P384PrivateKey.TryReadPem(pem, out P384PrivateKey? key, out IdBlockFault fault), name);
        Assert.Null(key);
        Assert.Equal(id, fault.Id);
        Assert.NotEmpty(fault.Rule);
    }

    // Whatever bit is flipped, the text is refused or is a key whose public half says which; the scalar never changes silently.
    [Fact]
    public void EverySingleBitFlipOfTheDer_IsRefused()
    {
        byte[] der = TestKeys.Sec1(Scalar, point: Point(2));
        for (int bit = 0; bit < der.Length * 8; bit++)
        {
            byte[] changed = [.. der];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(P384PrivateKey.TryReadPem(TestKeys.Pem("EC PRIVATE KEY", changed), out _, out _), $"bit {bit}");
        }
    }

    // RFC 6979 A.2.6, SHA-384, message "sample".
    [Fact]
    public void Signature_IsThatOfRfc6979()
    {
        P384PrivateKey key = TestKeys.FromScalar(Convert.FromHexString(
            "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5"));
        byte[] signature = new byte[96];
        key.SignDigest(SHA384.HashData("sample"u8), signature);
        Assert.Equal(
            "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46"
            + "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8",
            Convert.ToHexString(signature));
    }

    // Looks for signatures whose R or S begins or ends with a zero byte: the places where others' encoders slip.
    [Fact]
    public void NumbersWithZeroBytesAtEitherEnd_KeepTheirPlace()
    {
        int[] seen = new int[4];
        for (uint svn = 0; svn < 2000 && seen.Contains(0); svn++)
        {
            IdBlock block = TestKeys.Create(svn);
            IdAuth auth = IdAuth.Sign(block, TestKeys.Id);
            ReadOnlySpan<byte> page = auth.ToArray();
            (int place, int index)[] ends = [(0x040, 0), (0x040 + 47, 1), (0x040 + 72, 2), (0x040 + 72 + 47, 3)];
            foreach ((int place, int index) in ends)
            {
                if (page[place] == 0)
                {
                    seen[index]++;
                    Assert.Equal(IdAuthOutcome.Valid, auth.Verify(block));
                }
            }
        }

        Assert.DoesNotContain(0, seen);
    }

    private static string PublicPem()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        return key.ExportSubjectPublicKeyInfoPem();
    }

    private static byte[] Point(byte scalar)
    {
        Assert.True(EcdsaP384PrivateKey.TryCreate(TestKeys.Small(scalar), out EcdsaP384PrivateKey? key));
        return key.PublicPoint();
    }
}
