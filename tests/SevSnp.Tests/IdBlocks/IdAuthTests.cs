using System.Security.Cryptography;
using SevSnp.IdBlocks;

namespace SevSnp.Tests.IdBlocks;

public class IdAuthTests
{
    // What the manifest calls the malformed part.
    private static readonly Dictionary<string, (IdBlockFaultId Id, string Field)> Parts = new()
    {
        ["id-key reserved"] = (IdBlockFaultId.ReservedIsNotZero, "ID_KEY reserved"),
        ["id-key point"] = (IdBlockFaultId.PointIsInvalid, "ID_KEY.QX"),
        ["id-key curve"] = (IdBlockFaultId.CurveIsUnknown, "ID_KEY.CURVE"),
        ["id-key algorithm"] = (IdBlockFaultId.AlgorithmIsUnknown, "ID_KEY_ALGO"),
        ["reserved"] = (IdBlockFaultId.ReservedIsNotZero, "reserved"),
        ["id-block signature padding"] = (IdBlockFaultId.PaddingIsNotZero, "ID_BLOCK_SIG.R padding"),
    };

    public static TheoryData<string> Ids => new(IdBlockVectors.AuthIds);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Vector_HasItsDeclaredOutcome(string id)
    {
        var vector = IdBlockVectors.Auth(id);
        IdBlock block = IdBlockVectors.Create(IdBlockVectors.Block(vector.Text("idBlock")));
        byte[] page = IdBlockVectors.Page(vector);
        Assert.Equal(vector.Text("sha384"), Convert.ToHexStringLower(SHA384.HashData(page)));

        var expected = vector.GetProperty("expect");
        bool parsed = IdAuth.TryParse(page, out IdAuth? auth, out IdBlockFault fault);
        switch (expected.Text("outcome"))
        {
            case "valid":
                Assert.True(parsed, fault.ToString());
                Assert.Equal(IdAuthOutcome.Valid, auth!.Verify(block));
                Assert.Equal(expected.Text("idKeyDigest"), auth.IdKey.Digest.ToString());
                Assert.Equal(expected.GetProperty("authorKeyDigest").GetString(), auth.AuthorKey?.Digest.ToString());
                Assert.Equal(vector.GetProperty("authorKeyEnabled").GetBoolean(), auth.AuthorKey is not null);
                Assert.Equal(page, auth.ToArray());
                break;
            case "bad-signature":
                Assert.True(parsed, fault.ToString());
                Assert.Equal(
                    expected.Text("part") == "id-block" ? IdAuthOutcome.IdBlockSignatureIsBad : IdAuthOutcome.IdKeySignatureIsBad, auth!.Verify(block));
                break;
            default:
                Assert.Equal("malformed", expected.Text("outcome"));
                Assert.False(parsed);
                Assert.Equal(Parts[expected.Text("part")], (fault.Id, fault.Field));
                break;
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void DeterministicVector_IsSignedByteForByte(string id)
    {
        var vector = IdBlockVectors.Auth(id);
        if (!vector.TryGetProperty("deterministic", out _))
        {
            Assert.False(vector.TryGetProperty("idKey", out _));
            return;
        }

        P384PrivateKey? author = vector.TryGetProperty("authorKey", out var name) ? IdBlockVectors.Signer(name.GetString()!) : null;
        IdBlock block = IdBlockVectors.Create(IdBlockVectors.Block(vector.Text("idBlock")));
        Assert.Equal(IdBlockVectors.Page(vector), IdAuth.Sign(block, IdBlockVectors.Signer(vector.Text("idKey")), author).ToArray());
    }

    [Fact]
    public void PageForAnotherBlock_IsABadSignature()
    {
        IdAuth auth = IdAuth.Sign(TestKeys.Block, TestKeys.Id, TestKeys.Author);
        Assert.Equal(IdAuthOutcome.Valid, auth.Verify(TestKeys.Block));
        Assert.Equal(IdAuthOutcome.IdBlockSignatureIsBad, auth.Verify(TestKeys.Create(8)));
    }

    [Fact]
    public void AuthorKeyThatSignedAnotherIdKey_IsABadSignature()
    {
        byte[] page = IdAuth.Sign(TestKeys.Block, TestKeys.Id, TestKeys.Author).ToArray();
        byte[] other = IdAuth.Sign(TestKeys.Block, TestKeys.Author, TestKeys.Author).ToArray();
        other.AsSpan(0x680, 512).CopyTo(page.AsSpan(0x680));
        Assert.True(IdAuth.TryParse(page, out IdAuth? auth, out _));
        Assert.Equal(IdAuthOutcome.IdKeySignatureIsBad, auth.Verify(TestKeys.Block));
    }

    [Fact]
    public void AuthorKeyWithoutSignature_IsABadSignature()
    {
        byte[] page = IdAuth.Sign(TestKeys.Block, TestKeys.Id, TestKeys.Author).ToArray();
        page.AsSpan(0x680, 512).Clear();
        Assert.True(IdAuth.TryParse(page, out IdAuth? auth, out _));
        Assert.NotNull(auth.AuthorKey);
        Assert.Equal(IdAuthOutcome.IdKeySignatureIsBad, auth.Verify(TestKeys.Block));
    }

    [Fact]
    public void AuthorSignatureWithoutKey_IsMalformed()
    {
        byte[] page = IdAuth.Sign(TestKeys.Block, TestKeys.Id, TestKeys.Author).ToArray();
        page.AsSpan(0x880, SnpPublicKey.Size).Clear();
        Assert.False(IdAuth.TryParse(page, out _, out IdBlockFault fault));
        Assert.Equal((IdBlockFaultId.CurveIsUnknown, "AUTHOR_KEY.CURVE", 0x880), (fault.Id, fault.Field, fault.Offset));
    }

    [Fact]
    public void AuthorAlgorithm_MayBeZeroOnlyWithoutAuthorKey()
    {
        byte[] without = IdAuth.Sign(TestKeys.Block, TestKeys.Id).ToArray();
        byte[] with = IdAuth.Sign(TestKeys.Block, TestKeys.Id, TestKeys.Author).ToArray();
        foreach (byte number in new byte[] { 0, 1 })
        {
            without[4] = number;
            Assert.True(IdAuth.TryParse(without, out IdAuth? auth, out _));
            Assert.Equal(IdAuthOutcome.Valid, auth.Verify(TestKeys.Block));
        }

        with[4] = 0;
        Assert.False(IdAuth.TryParse(with, out _, out IdBlockFault fault));
        Assert.Equal((IdBlockFaultId.AlgorithmIsUnknown, "AUTH_KEY_ALGO", 4), (fault.Id, fault.Field, fault.Offset));
        without[4] = 2;
        Assert.False(IdAuth.TryParse(without, out _, out fault));
        Assert.Equal(IdBlockFaultId.AlgorithmIsUnknown, fault.Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4095)]
    [InlineData(4097)]
    public void AnotherLength_IsRefused(int length)
    {
        byte[] page = IdAuth.Sign(TestKeys.Block, TestKeys.Id).ToArray();
        Array.Resize(ref page, length);
        Assert.False(IdAuth.TryParse(page, out _, out IdBlockFault fault));
        Assert.Equal(IdBlockFaultId.LengthIsWrong, fault.Id);
    }

    // A device behind the seam draws its nonces at random; one that gives rubbish is found out before the page leaves.
    [Fact]
    public void SignerBehindTheSeam_IsVerified()
    {
        using ECDsa device = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        DeviceSigner signer = new(device);
        IdAuth first = IdAuth.Sign(TestKeys.Block, signer, TestKeys.Author);
        Assert.Equal(IdAuthOutcome.Valid, first.Verify(TestKeys.Block));
        Assert.NotEqual(first.ToArray(), IdAuth.Sign(TestKeys.Block, signer, TestKeys.Author).ToArray());
        Assert.Throws<CryptographicException>(() => IdAuth.Sign(TestKeys.Block, new WrongSigner(), TestKeys.Author));
        Assert.Throws<CryptographicException>(() => IdAuth.Sign(TestKeys.Block, TestKeys.Id, new WrongSigner()));
    }

    private sealed class DeviceSigner(ECDsa device) : IIdKeySigner
    {
        public SnpPublicKey PublicKey
        {
            get
            {
                Assert.True(SnpPublicKey.TryReadPem(device.ExportSubjectPublicKeyInfoPem(), out SnpPublicKey? key, out _));
                return key;
            }
        }

        public void SignDigest(ReadOnlySpan<byte> digest, Span<byte> signature) => device.SignHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private sealed class WrongSigner : IIdKeySigner
    {
        public SnpPublicKey PublicKey => TestKeys.Author.PublicKey;

        public void SignDigest(ReadOnlySpan<byte> digest, Span<byte> signature) => TestKeys.Id.SignDigest(digest, signature);
    }
}
