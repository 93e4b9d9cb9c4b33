using System.Buffers.Binary;

namespace SevSnp.Igvm.Writing;

/// <summary>Writes the fields of a header one behind the other, little endian, each as long as its type.</summary>
/// <param name="size">Length of the header in bytes; what no field fills stays zero.</param>
internal struct FieldWriter(int size)
{
    private readonly byte[] _bytes = new byte[size];
    private int _next;

    public FieldWriter Add(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Field(sizeof(ulong)), value);
        return this;
    }

    public FieldWriter Add(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Field(sizeof(uint)), value);
        return this;
    }

    public FieldWriter Add(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Field(sizeof(ushort)), value);
        return this;
    }

    public FieldWriter Add(byte value)
    {
        Field(sizeof(byte))[0] = value;
        return this;
    }

    public readonly byte[] ToArray() => _bytes;

    private Span<byte> Field(int length)
    {
        Span<byte> field = _bytes.AsSpan(_next, length);
        _next += length;
        return field;
    }
}
