namespace SevSnp.Certificates.X509;

/// <summary>Where one DER element stands in the parsed bytes. The default value is an empty element.</summary>
/// <param name="Start">Offset of the tag.</param>
/// <param name="ContentStart">Offset of the content.</param>
/// <param name="End">Offset behind the content.</param>
internal readonly record struct DerElement(int Start, int ContentStart, int End)
{
    public ReadOnlySpan<byte> Encoded(ReadOnlySpan<byte> der) => der[Start..End];

    public ReadOnlySpan<byte> Content(ReadOnlySpan<byte> der) => der[ContentStart..End];
}
