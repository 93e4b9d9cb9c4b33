using System.Security.Cryptography;
using SevSnp.IdBlocks;
using Verifier.TestKit;

namespace SevSnp.Tests.IdBlocks;

public class SnpPublicKeyTests
{
    public static TheoryData<string> Ids => new(IdBlockVectors.KeyIds);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Vector_HasItsStructureAndDigest(string id)
    {
        var vector = IdBlockVectors.Key(id);
        byte[] structure = new byte[SnpPublicKey.Size];
        foreach (var run in vector.GetProperty("snpKeyNonZero").EnumerateArray())
        {
            Convert.FromHexString(run[1].GetString()!).CopyTo(structure, run[0].GetInt32());
        }

        Assert.True(SnpPublicKey.TryReadPem(vector.Text("publicKeySpkiPem"), out SnpPublicKey? key, out IdBlockFault fault), fault.ToString());
        Assert.Equal(structure, key.ToArray());
        Assert.Equal(vector.GetProperty("expect").Text("snpKeySha384"), key.Digest.ToString());
        Assert.True(SnpPublicKey.TryParse(structure, out SnpPublicKey? parsed, out _));
        Assert.Equal(key.Digest, parsed.Digest);
    }

    [Theory]
    [InlineData("id_key_pub.pem", "d7572e91a4b72689026ec92aad29a0008f556dab2ca6b2846301a9ea10519ff0b75e05d3b9a45ef703e3bb229d8b4649")]
    [InlineData("author_key_pub.pem", "59cd5db45b1f6b388c7b483980342725367aec18365163b3edb583553896d84879e7a3a9947846770be4b5c952036d0b")]
    public void KeysOfTheIgvmVectors_HaveTheDigestsOfTheirManifest(string file, string digest)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        Assert.True(SnpPublicKey.TryReadPem(File.ReadAllText(Vectors.Path("igvm", file)), out SnpPublicKey? key, out _));
        Assert.Equal(digest, key.Digest.ToString());
    }

    [Theory]
    [InlineData(0, 1, IdBlockFaultId.CurveIsUnknown, "KEY.CURVE", 0)]
    [InlineData(0, 3, IdBlockFaultId.CurveIsUnknown, "KEY.CURVE", 0)]
    [InlineData(3, 1, IdBlockFaultId.CurveIsUnknown, "KEY.CURVE", 0)]
    [InlineData(4 + 48, 1, IdBlockFaultId.PaddingIsNotZero, "KEY.QX padding", 52)]
    [InlineData(4 + 71, 1, IdBlockFaultId.PaddingIsNotZero, "KEY.QX padding", 75)]
    [InlineData(76 + 48, 1, IdBlockFaultId.PaddingIsNotZero, "KEY.QY padding", 124)]
    [InlineData(148, 1, IdBlockFaultId.ReservedIsNotZero, "KEY reserved", 148)]
    [InlineData(0x403, 1, IdBlockFaultId.ReservedIsNotZero, "KEY reserved", 0x403)]
    [InlineData(4, 0, IdBlockFaultId.PointIsInvalid, "KEY.QX", 4)]
    public void ChangedByte_HasItsFault(int offset, byte value, IdBlockFaultId id, string field, int at)
    {
        byte[] structure = TestKeys.Id.PublicKey.ToArray();
        Assert.NotEqual(value, structure[offset]);
        structure[offset] = value;
        Assert.False(SnpPublicKey.TryParse(structure, out _, out IdBlockFault fault));
        Assert.Equal((id, field, at), (fault.Id, fault.Field, fault.Offset));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x403)]
    [InlineData(0x405)]
    public void AnotherLength_IsRefused(int length)
    {
        byte[] structure = TestKeys.Id.PublicKey.ToArray();
        Array.Resize(ref structure, length);
        Assert.False(SnpPublicKey.TryParse(structure, out _, out IdBlockFault fault));
        Assert.Equal(IdBlockFaultId.LengthIsWrong, fault.Id);
    }

    [Fact]
    public void PointAtInfinity_IsRefused()
    {
        byte[] structure = new byte[SnpPublicKey.Size];
        structure[0] = 2;
        Assert.False(SnpPublicKey.TryParse(structure, out _, out IdBlockFault fault));
        Assert.Equal(IdBlockFaultId.PointIsInvalid, fault.Id);
    }

    [Fact]
    public void PemOnAnotherCurve_IsRefused()
    {
        foreach (ECCurve curve in new[] { ECCurve.NamedCurves.nistP256, ECCurve.NamedCurves.nistP521, ECCurve.NamedCurves.brainpoolP384r1 })
        {
            using ECDsa key = ECDsa.Create(curve);
            Assert.False(SnpPublicKey.TryReadPem(key.ExportSubjectPublicKeyInfoPem() + "\n", out _, out IdBlockFault fault));
            Assert.Equal(IdBlockFaultId.CurveIsUnknown, fault.Id);
        }

        using RSA rsa = RSA.Create(2048);
        Assert.False(SnpPublicKey.TryReadPem(rsa.ExportSubjectPublicKeyInfoPem() + "\n", out _, out IdBlockFault other));
        Assert.Equal(IdBlockFaultId.CurveIsUnknown, other.Id);
    }

    [Fact]
    public void PemOfAPrivateKey_IsRefused()
    {
        Assert.False(SnpPublicKey.TryReadPem(TestKeys.Pem("EC PRIVATE KEY", TestKeys.Sec1(TestKeys.Small(2))), out _, out IdBlockFault fault));
        Assert.Equal(IdBlockFaultId.KeyKindIsWrong, fault.Id);
    }

    [Fact]
    public void PemWithACompressedOrChangedPoint_IsRefused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        byte[] good = key.ExportSubjectPublicKeyInfo();
        Assert.True(SnpPublicKey.TryReadPem(TestKeys.Pem("PUBLIC KEY", good), out _, out _));
        byte[] changed = [.. good];
        changed[^1] ^= 1;
        Assert.False(SnpPublicKey.TryReadPem(TestKeys.Pem("PUBLIC KEY", changed), out _, out IdBlockFault fault));
        Assert.Equal(IdBlockFaultId.PointIsInvalid, fault.Id);
        byte[] compressed = [.. good];
        compressed[^97] = 0x02;
        Assert.False(SnpPublicKey.TryReadPem(TestKeys.Pem("PUBLIC KEY", compressed), out _, out fault));
        Assert.Equal(IdBlockFaultId.PointIsInvalid, fault.Id);
    }
}
