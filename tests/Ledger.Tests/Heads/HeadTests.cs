using System.Security.Cryptography;

namespace Verifier.Ledger.Tests.Heads;

/// <summary>Heads and their signatures.</summary>
public sealed class HeadTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 2, 0, 0, TimeSpan.Zero);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public void SignedHead_IsValidUnderItsKey()
    {
        SignedTreeHead head = new HeadSigner(_key).Sign(Sample());
        Assert.Equal(HeadCheck.Valid, Verifier(_key).Check(head));
        Assert.Equal(HeadCheck.Valid, Verifier(_other, _key).Check(head));
        Assert.Equal(SignedTreeHead.SignatureLength, head.Signature.Length);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()))[..16], head.KeyId);
    }

    [Fact]
    public void ForeignKey_IsNotTrusted()
    {
        SignedTreeHead head = new HeadSigner(_other).Sign(Sample());
        Assert.Equal(HeadCheck.UnknownKey, Verifier(_key).Check(head));
        Assert.Equal(HeadCheck.UnknownKey, Verifier().Check(head));
        Assert.Equal(HeadCheck.BadSignature, Verifier(_key).Check(head with { KeyId = LogKeys.Id(_key) }));
    }

    [Fact]
    public void EachMember_IsSigned()
    {
        SignedTreeHead head = new HeadSigner(_key).Sign(Sample());
        TreeHash otherRoot = TreeHashing.Leaf([9]);
        TreeHead[] changed =
        [
            new("defaulu", 5, head.Head.Root, At), new("defaul", 5, head.Head.Root, At), new("default", 6, head.Head.Root, At),
            new("default", 5, otherRoot, At), new("default", 5, head.Head.Root, At.AddMilliseconds(1)),
        ];
        Assert.All(changed, h => Assert.Equal(HeadCheck.BadSignature, Verifier(_key).Check(head with { Head = h })));
    }

    [Fact]
    public void EachByteOfTheSignature_Counts()
    {
        SignedTreeHead head = new HeadSigner(_key).Sign(Sample());
        HeadVerifier verifier = Verifier(_key);
        for (int i = 0; i < SignedTreeHead.SignatureLength; i++)
        {
            byte[] signature = head.Signature.ToArray();
            signature[i] ^= 1;
            Assert.Equal(HeadCheck.BadSignature, verifier.Check(head with { Signature = signature }));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(128)]
    public void SignatureOfAnotherLength_IsRefused(int length)
    {
        SignedTreeHead head = new HeadSigner(_key).Sign(Sample());
        byte[] signature = new byte[length];
        head.Signature.Span[..Math.Min(length, 64)].CopyTo(signature);
        Assert.Equal(HeadCheck.BadSignature, Verifier(_key).Check(head with { Signature = signature }));
    }

    // The other encoding of the same signature is not accepted: one signature has one form.
    [Fact]
    public void SignatureInDer_IsRefused()
    {
        byte[] der = _key.SignData(Sample().ToSignedBytes(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        Assert.Equal(HeadCheck.BadSignature, Verifier(_key).Check(new SignedTreeHead(Sample(), LogKeys.Id(_key), der)));
    }

    [Fact]
    public void SignedBytes_AreAsDocumented()
    {
        byte[] expected =
        [
            .. "verifier.v1 tree head\0"u8, 7, .. "default"u8, 0, 0, 0, 0, 0, 0, 0, 5, .. Sample().Root.ToArray(),
            .. BitConverter.GetBytes(At.ToUnixTimeMilliseconds()).Reverse(),
        ];
        Assert.Equal(expected, Sample().ToSignedBytes());
    }

    [Fact]
    public void FineTimesAndOffsets_AreCutToUtcMilliseconds()
    {
        TreeHead head = new("default", 0, TreeHashing.Empty, At.AddTicks(9_999).ToOffset(TimeSpan.FromHours(2)));
        Assert.Equal(At, head.Time);
        Assert.Equal(TimeSpan.Zero, head.Time.Offset);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("Default", 0)]
    [InlineData("a/b", 0)]
    [InlineData("-a", 0)]
    [InlineData("default", -1)]
    public void ImpossibleHead_IsTheCallersFault(string tenant, long size) =>
        Assert.Throws<ArgumentException>(() => new TreeHead(tenant, size, default, At));

    [Fact]
    public void OtherCurves_AreRefused()
    {
        using ECDsa p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<ArgumentException>(() => new HeadSigner(p384));
        Assert.Throws<ArgumentException>(() => Verifier(_key, p384));
        Assert.False(LogKeys.TryReadPublic(p384.ExportSubjectPublicKeyInfoPem(), out _));
    }

    [Fact]
    public void KeysInPem_AreRead()
    {
        foreach (string pem in new[] { _key.ExportSubjectPublicKeyInfoPem(), _key.ExportPkcs8PrivateKeyPem(), _key.ExportECPrivateKeyPem() })
        {
            Assert.True(LogKeys.TryReadPublic(pem, out ECDsa? read));
            using (read)
            {
                Assert.Equal(LogKeys.Id(_key), LogKeys.Id(read));
                Assert.ThrowsAny<CryptographicException>(() => read.ExportPkcs8PrivateKey());
            }
        }

        Assert.False(LogKeys.TryReadPublic("", out _));
        Assert.False(LogKeys.TryReadPublic("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", out _));

        // The name of the curve with one number in it changed: one that the platform does not know.
        byte[] key = _key.ExportSubjectPublicKeyInfo();
        key[key.AsSpan().IndexOf((byte[])[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]) + 6] = 9;
        Assert.False(LogKeys.TryReadPublic(PemEncoding.WriteString("PUBLIC KEY", key), out _));
        using RSA rsa = RSA.Create(2048);
        Assert.False(LogKeys.TryReadPublic(rsa.ExportSubjectPublicKeyInfoPem(), out _));
    }

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
    }

    private static HeadVerifier Verifier(params ECDsa[] keys) => new(keys);

    private static TreeHead Sample() => new("default", 5, TreeHashing.Leaf([5]), At);
}
