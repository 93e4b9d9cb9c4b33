using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace SevSnp.Crypto;

/// <summary>Public keys on P-521, as guests present them. Nothing is verified with them here.</summary>
internal static class P521
{
    /// <summary>Gives the DER of the SubjectPublicKeyInfo of a point.</summary>
    /// <param name="x">Coordinate x, 66 bytes, big endian.</param>
    /// <param name="y">Coordinate y, 66 bytes, big endian.</param>
    /// <param name="der">The DER.</param>
    /// <returns>False when the point is not on the curve.</returns>
    public static bool TryEncode(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y, [NotNullWhen(true)] out byte[]? der)
    {
        ECParameters parameters = new()
        {
            Curve = ECCurve.NamedCurves.nistP521,
            Q = new ECPoint { X = x.ToArray(), Y = y.ToArray() },
        };
        try
        {
            using ECDsa key = ECDsa.Create(parameters);
            der = key.ExportSubjectPublicKeyInfo();
            return true;
        }
        catch (CryptographicException)
        {
            der = null;
            return false;
        }
    }
}
