namespace Verifier.TestKit;

/// <summary>Distinguished names as AMD writes them: the same five attributes in the same order, then the common name.</summary>
public static class AmdName
{
    /// <summary>A name of AMD's shape.</summary>
    /// <param name="commonName">For example <c>SEV-Milan</c>.</param>
    /// <param name="organization">The organization.</param>
    /// <returns>DER.</returns>
    public static byte[] Of(string commonName, string organization = "Advanced Micro Devices") => Der.Sequence(
        Attribute("2.5.4.11", Der.Utf8String("Engineering")),
        Attribute("2.5.4.6", Der.PrintableString("US")),
        Attribute("2.5.4.7", Der.Utf8String("Santa Clara")),
        Attribute("2.5.4.8", Der.Utf8String("CA")),
        Attribute("2.5.4.10", Der.Utf8String(organization)),
        CommonName(Der.Utf8String(commonName)));

    /// <summary>A common name alone, in any string type.</summary>
    /// <param name="text">The string element.</param>
    /// <returns>One relative name, DER.</returns>
    public static byte[] CommonName(byte[] text) => Attribute("2.5.4.3", text);

    private static byte[] Attribute(string oid, byte[] value) => Der.Set(Der.Sequence(Der.Oid(oid), value));
}
