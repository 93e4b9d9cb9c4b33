using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SevSnp.Igvm.Reading;

/// <summary>Reads the fields of a header one behind the other, little endian. A header that is too short for them is the caller's defect.</summary>
/// <param name="body">The fields.</param>
internal ref struct FieldReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong UInt64()
    {
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
        _rest = _rest[sizeof(ulong)..];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint UInt32()
    {
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        _rest = _rest[sizeof(uint)..];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort UInt16()
    {
        ushort value = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        _rest = _rest[sizeof(ushort)..];
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Byte()
    {
        byte value = _rest[0];
        _rest = _rest[sizeof(byte)..];
        return value;
    }
}
