namespace SevSnp.Crypto;

/// <summary>The seam between this library and an engine: one public key, prepared by the engine and safe for use by many threads.</summary>
internal abstract class EcdsaP384Verifier
{
    /// <summary>Checks a signature.</summary>
    /// <param name="digest">SHA-384 of the signed bytes, 48 bytes.</param>
    /// <param name="signature">R then S, 48 bytes each, big endian, each from 1 to n-1.</param>
    /// <returns>True when the signature is the key's.</returns>
    public abstract bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature);
}
