using SevSnp.Primitives;

namespace Verifier.Service.Storage.Codec;

/// <summary>Hexadecimal in stored documents; anything else is a <see cref="FormatException"/>, which the codec turns into a refusal.</summary>
internal static class StoredHex
{
    public static Digest384 Digest(string text) =>
        Digest384.TryParse(text, out Digest384 digest) ? digest : throw new FormatException("Not a SHA-384 digest.");

    public static HexBytes Bytes(string text, int length) =>
        HexBytes.TryParse(text, length, out HexBytes? bytes) ? bytes : throw new FormatException($"Not {length} bytes in hexadecimal.");
}
