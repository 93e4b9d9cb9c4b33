using System.Formats.Asn1;

namespace Verifier.Fuzz.Tests.Mutators;

/// <summary>An element of DER taken apart, to be changed and put together with lengths that are right again, or wrong on purpose.</summary>
internal sealed class DerNode
{
    private const int Deepest = 24;

    public byte Tag { get; set; }

    /// <summary>Of a primitive: its content. Of a constructed one: what stands before its children, usually nothing.</summary>
    public byte[] Content { get; set; } = [];

    public List<DerNode>? Children { get; set; }

    /// <summary>Length bytes instead of the right ones.</summary>
    public byte[]? LengthBytes { get; set; }

    /// <summary>Elements one behind the other; null when the bytes are not some.</summary>
    public static List<DerNode>? Read(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        List<DerNode> nodes = [];
        while (bytes.Length > 0)
        {
            if (depth > Deepest || !AsnDecoder.TryReadEncodedValue(bytes, AsnEncodingRules.DER, out Asn1Tag tag, out int offset, out int length, out int consumed) || offset < 2)
            {
                return null;
            }

            ReadOnlySpan<byte> content = bytes.Slice(offset, length);

            // The content of an octet string, and of a bit string behind its first byte, may be DER itself: extensions and keys are.
            int skip = bytes[0] == 0x03 ? 1 : 0;
            bool mayNest = tag.IsConstructed || (bytes[0] is 0x03 or 0x04 && length > skip + 1 && content[skip] is 0x30 or 0x02 or 0x16);
            List<DerNode>? children = mayNest ? Read(content[skip..], depth + 1) : null;
            nodes.Add(new DerNode { Tag = bytes[0], Children = children, Content = children is null ? content.ToArray() : content[..skip].ToArray() });
            bytes = bytes[consumed..];
        }

        return nodes;
    }

    public IEnumerable<DerNode> All() => [this, .. Children?.SelectMany(c => c.All()) ?? []];

    public DerNode Copy() => new() { Tag = Tag, Content = Content, LengthBytes = LengthBytes, Children = Children?.ConvertAll(c => c.Copy()) };

    public byte[] Encode()
    {
        byte[] content = Children is null ? Content : [.. Content, .. Encode(Children)];
        return [Tag, .. LengthBytes ?? LengthOf(content.Length), .. content];
    }

    public static byte[] Encode(IEnumerable<DerNode> nodes)
    {
        using MemoryStream stream = new();
        foreach (DerNode node in nodes)
        {
            stream.Write(node.Encode());
        }

        return stream.ToArray();
    }

    public static byte[] LengthOf(int length) => length switch
    {
        < 0x80 => [(byte)length],
        < 0x100 => [0x81, (byte)length],
        < 0x10000 => [0x82, (byte)(length >> 8), (byte)length],
        _ => [0x83, (byte)(length >> 16), (byte)(length >> 8), (byte)length],
    };
}
