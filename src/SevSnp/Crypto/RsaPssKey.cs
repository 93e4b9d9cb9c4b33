using System.Diagnostics.CodeAnalysis;

namespace SevSnp.Crypto;

/// <summary>
/// An RSA 4096 public key with exponent 65537 that checks RSASSA-PSS with SHA-384, MGF1 with SHA-384 and a salt of 48 bytes
/// (RFC 8017 section 8.1.2), the only form AMD signs certificates with: the seam between this library and an engine.
/// </summary>
internal abstract class RsaPssKey
{
    /// <summary>Length in bytes of modulus and signature.</summary>
    public const int Size = 512;

    /// <summary>Length in bytes of the salt.</summary>
    public const int SaltSize = 48;

    /// <summary>Big-endian bytes of 65537.</summary>
    public static ReadOnlySpan<byte> Exponent => [1, 0, 1];

    /// <summary>Makes a key that keeps its prepared engine object.</summary>
    /// <param name="modulus">Big endian, exactly 512 bytes, top bit set.</param>
    /// <param name="key">The key.</param>
    /// <returns>False when the modulus cannot be one.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> modulus, [NotNullWhen(true)] out RsaPssKey? key)
    {
        key = IsModulus(modulus) ? PlatformRsaPssKey.Create(modulus) : null;
        return key is not null;
    }

    /// <summary>Checks a signature.</summary>
    /// <param name="message">The signed bytes.</param>
    /// <param name="signature">512 bytes; any other length is refused.</param>
    /// <returns>True when the signature is this key's.</returns>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => signature.Length == Size && VerifyMessage(message, signature);

    protected abstract bool VerifyMessage(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    private static bool IsModulus(ReadOnlySpan<byte> modulus) => modulus.Length == Size && modulus[0] >= 0x80 && (modulus[^1] & 1) == 1;
}
