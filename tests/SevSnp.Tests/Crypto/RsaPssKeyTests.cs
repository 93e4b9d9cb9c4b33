using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using SevSnp.Crypto;

namespace SevSnp.Tests.Crypto;

public sealed class RsaPssKeyTests : IDisposable
{
    private static readonly byte[] Message = [1, 2, 3, 4];

    private readonly RSA _signer = RSA.Create(4096);

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void GoodSignature_BothEnginesAccept_AndRefuseEachChange()
    {
        byte[] signature = _signer.SignData(Message, HashAlgorithmName.SHA384, RSASignaturePadding.Pss);
        foreach (RsaPssKey key in Engines())
        {
            Assert.True(key.Verify(Message, signature));
            Assert.False(key.Verify([1, 2, 3, 5], signature));
            foreach (int at in (int[])[0, 255, 511])
            {
                byte[] changed = [.. signature];
                changed[at] ^= 1;
                Assert.False(key.Verify(Message, changed));
            }
        }
    }

    [Fact]
    public void T26_OtherHashPaddingOrSalt_IsRefusedByBothEngines()
    {
        byte[][] signatures =
        [
            _signer.SignData(Message, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            _signer.SignData(Message, HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
            _signer.SignData(Message, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            SignWithSalt(0),
            SignWithSalt(32),
            SignWithSalt(47),
            SignWithSalt(49),
        ];
        foreach (RsaPssKey key in Engines())
        {
            Assert.True(key.Verify(Message, SignWithSalt(48)));
            Assert.All(signatures, s => Assert.False(key.Verify(Message, s)));
        }
    }

    [Fact]
    public void SignatureOfAnotherLengthOrSize_IsRefusedByBothEngines()
    {
        byte[] signature = _signer.SignData(Message, HashAlgorithmName.SHA384, RSASignaturePadding.Pss);
        foreach (RsaPssKey key in Engines())
        {
            Assert.False(key.Verify(Message, []));
            Assert.False(key.Verify(Message, signature.AsSpan(0, 511)));
            Assert.False(key.Verify(Message, [0, .. signature]));
            Assert.False(key.Verify(Message, new byte[512]));
            Assert.False(key.Verify(Message, [.. Enumerable.Repeat((byte)0xFF, 512)]));
        }
    }

    [Fact]
    public void T26_ModulusThatIsEvenOrOfAnotherSize_IsRefused()
    {
        byte[] modulus = _signer.ExportParameters(false).Modulus!;
        Assert.True(RsaPssKey.TryCreate(modulus, out _));
        byte[] even = [.. modulus];
        even[^1] &= 0xFE;
        byte[] small = [.. modulus];
        small[0] &= 0x7F;
        Assert.False(RsaPssKey.TryCreate(even, out _));
        Assert.False(RsaPssKey.TryCreate(small, out _));
        Assert.False(RsaPssKey.TryCreate(modulus.AsSpan(256), out _));
        Assert.False(RsaPssKey.TryCreate([], out _));
    }

    private RsaPssKey[] Engines()
    {
        byte[] modulus = _signer.ExportParameters(false).Modulus!;
        Assert.True(RsaPssKey.TryCreate(modulus, out RsaPssKey? chosen));
        Assert.IsType<PlatformRsaPssKey>(chosen);
        return [chosen, new BouncyCastleRsaPssKey(modulus)];
    }

    private byte[] SignWithSalt(int salt)
    {
        PssSigner signer = new(new RsaBlindedEngine(), new Sha384Digest(), new Sha384Digest(), salt);
        RSAParameters key = _signer.ExportParameters(true);
        signer.Init(true, new ParametersWithRandom(DotNetUtilities.GetRsaKeyPair(key).Private, new SecureRandom()));
        signer.BlockUpdate(Message);
        return signer.GenerateSignature();
    }
}
