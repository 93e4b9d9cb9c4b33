using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SevSnp.Crypto;

/// <summary>
/// A public key that checks ECDSA P-384 with SHA-384. Length and range of a signature are judged here, so no engine sees an encoding it
/// might read more generously. There is no parser for signatures in DER. What an engine has prepared for the key lives as long as this object.
/// </summary>
internal sealed class EcdsaP384Key
{
    private readonly byte[] _point;
    private EcdsaP384Verifier? _bouncyCastle;
    private EcdsaP384Verifier? _platform;

    private EcdsaP384Key(byte[] point) => _point = point;

    /// <summary>Makes a key.</summary>
    /// <param name="point">Uncompressed point, 97 bytes.</param>
    /// <param name="key">The key.</param>
    /// <returns>False when the bytes are not a point of the curve.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> point, [NotNullWhen(true)] out EcdsaP384Key? key)
    {
        key = P384.ReadPoint(point) is null ? null : new EcdsaP384Key(point.ToArray());
        return key is not null;
    }

    /// <summary>Checks a signature by the default engine.</summary>
    /// <param name="message">The signed bytes.</param>
    /// <param name="signature">R then S, 48 bytes each, big endian; any other length and any number outside 1 to n-1 is refused.</param>
    /// <returns>True when the signature is this key's.</returns>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Verify(message, signature, SignatureEngine.BouncyCastle);

    /// <summary>Checks a signature.</summary>
    /// <param name="message">The signed bytes.</param>
    /// <param name="signature">R then S, 48 bytes each, big endian; any other length and any number outside 1 to n-1 is refused.</param>
    /// <param name="engine">Who checks.</param>
    /// <returns>True when the signature is this key's.</returns>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature, SignatureEngine engine)
    {
        Span<byte> digest = stackalloc byte[SHA384.HashSizeInBytes];
        SHA384.HashData(message, digest);
        return VerifyDigest(digest, signature, engine);
    }

    /// <summary>Checks a signature over a digest.</summary>
    /// <param name="digest">SHA-384 of the signed bytes.</param>
    /// <param name="signature">R then S, as for <see cref="Verify(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>.</param>
    /// <param name="engine">Who checks.</param>
    /// <returns>True when the signature is this key's.</returns>
    public bool VerifyDigest(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature, SignatureEngine engine) =>
        digest.Length == SHA384.HashSizeInBytes && P384.IsInRange(signature) && Verifier(engine).Verify(digest, signature);

    // Two threads may each make one; the one that is not kept is collected.
    private EcdsaP384Verifier Verifier(SignatureEngine engine) => engine switch
    {
        SignatureEngine.BouncyCastle => Volatile.Read(ref _bouncyCastle) ?? Keep(ref _bouncyCastle, new BouncyCastleEcdsaP384Verifier(_point)),
        SignatureEngine.OpenSsl => Volatile.Read(ref _platform) ?? Keep(ref _platform, new PlatformEcdsaP384Verifier(_point)),
        _ => throw new ArgumentOutOfRangeException(nameof(engine), engine, "is no engine"),
    };

    private static EcdsaP384Verifier Keep(ref EcdsaP384Verifier? field, EcdsaP384Verifier made) => Interlocked.CompareExchange(ref field, made, null) ?? made;
}
