using System.Security.Cryptography;

namespace SevSnp.Crypto;

/// <summary>RSASSA-PSS by the platform: sixteen times as fast as BouncyCastle, and the default.</summary>
internal sealed class PlatformRsaPssKey : RsaPssKey, IDisposable
{
    // Lives as long as the certificate that keeps the key; its native memory hangs on a safe handle, which the collector ends with it.
    private readonly RSA _key;

    private PlatformRsaPssKey(RSA key) => _key = key;

    /// <summary>Makes the key.</summary>
    /// <param name="modulus">Big endian, 512 bytes.</param>
    /// <returns>The key, or null when the platform refuses the number.</returns>
    public static PlatformRsaPssKey? Create(ReadOnlySpan<byte> modulus)
    {
        try
        {
            return new PlatformRsaPssKey(RSA.Create(new RSAParameters { Modulus = modulus.ToArray(), Exponent = Exponent.ToArray() }));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Dispose() => _key.Dispose();

    // The platform demands a salt as long as the hash, 48 bytes.
    protected override bool VerifyMessage(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        _key.VerifyData(message, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pss);
}
