using System.Globalization;
using System.Text;
using Org.BouncyCastle.Asn1;

namespace Verifier.TestKit;

/// <summary>
/// DER from parts. Primitives come from BouncyCastle, so that what the library's own reader reads was written by other code;
/// the constructed types are put together here, because faulty certificates need bytes that no library would write.
/// </summary>
public static class Der
{
    public static byte[] Tlv(byte tag, params ReadOnlySpan<byte[]> parts)
    {
        byte[] content = Concat(parts);
        return [tag, .. Length(content.Length), .. content];
    }

    public static byte[] Sequence(params ReadOnlySpan<byte[]> parts) => Tlv(0x30, parts);

    public static byte[] Set(params ReadOnlySpan<byte[]> parts) => Tlv(0x31, parts);

    /// <summary>A constructed element of the context-specific class.</summary>
    /// <param name="number">0 to 30.</param>
    /// <param name="parts">The content.</param>
    /// <returns>The element.</returns>
    public static byte[] Context(int number, params ReadOnlySpan<byte[]> parts) => Tlv((byte)(0xA0 | number), parts);

    /// <summary>An INTEGER.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The element.</returns>
    public static byte[] Number(long value) => DerInteger.ValueOf(value).GetDerEncoded();

    /// <summary>An INTEGER with exactly these content bytes, minimal or not.</summary>
    /// <param name="content">The content, big endian.</param>
    /// <returns>The element.</returns>
    public static byte[] NumberOf(params byte[] content) => Tlv(0x02, content);

    public static byte[] Oid(string oid) => new DerObjectIdentifier(oid).GetDerEncoded();

    public static byte[] Null() => DerNull.Instance.GetDerEncoded();

    public static byte[] True() => DerBoolean.True.GetDerEncoded();

    public static byte[] OctetString(byte[] content) => new DerOctetString(content).GetDerEncoded();

    public static byte[] BitString(byte[] content) => new DerBitString(content).GetDerEncoded();

    public static byte[] Utf8String(string text) => new DerUtf8String(text).GetDerEncoded();

    public static byte[] PrintableString(string text) => new DerPrintableString(text).GetDerEncoded();

    /// <summary>An IA5String, with characters that BouncyCastle would refuse when asked to.</summary>
    /// <param name="text">The text, one byte per character.</param>
    /// <returns>The element.</returns>
    public static byte[] Ia5String(string text) => Tlv(0x16, Encoding.Latin1.GetBytes(text));

    /// <summary>UTCTime up to 2049, GeneralizedTime from 2050, as X.509 demands.</summary>
    /// <param name="time">The time; fractions of a second are dropped.</param>
    /// <returns>The element.</returns>
    public static byte[] Time(DateTimeOffset time)
    {
        bool isShort = time.UtcDateTime.Year < 2050;
        string text = time.UtcDateTime.ToString(isShort ? "yyMMddHHmmss'Z'" : "yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture);
        return Tlv((byte)(isShort ? 0x17 : 0x18), Encoding.ASCII.GetBytes(text));
    }

    public static byte[] Concat(params ReadOnlySpan<byte[]> parts)
    {
        using MemoryStream stream = new();
        foreach (byte[] part in parts)
        {
            stream.Write(part);
        }

        return stream.ToArray();
    }

    private static byte[] Length(int length) => length switch
    {
        < 0x80 => [(byte)length],
        < 0x100 => [0x81, (byte)length],
        < 0x10000 => [0x82, (byte)(length >> 8), (byte)length],
        _ => [0x83, (byte)(length >> 16), (byte)(length >> 8), (byte)length],
    };
}
