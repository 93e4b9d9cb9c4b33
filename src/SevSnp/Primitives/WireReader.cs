using System.Buffers.Binary;

namespace SevSnp.Primitives;

/// <summary>
/// A cursor over untrusted bytes. The first failure sticks: later reads give zero or an empty span, and the parser asks once at
/// the end. It never throws on input.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private readonly int _length = bytes.Length;
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>True once a read wanted more than was left.</summary>
    public bool Failed { get; private set; }

    /// <summary>True when every byte was read and nothing failed.</summary>
    public readonly bool Complete => !Failed && _rest.IsEmpty;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _length - _rest.Length;

    public ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || count < 0 || count > _rest.Length)
        {
            Failed = true;
            return default;
        }

        ReadOnlySpan<byte> head = _rest[..count];
        _rest = _rest[count..];
        return head;
    }

    public byte Byte() => Take(1) is { Length: 1 } b ? b[0] : (byte)0;

    public uint UInt32() => Take(4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32LittleEndian(b) : 0;

    public ulong UInt64() => Take(8) is { Length: 8 } b ? BinaryPrimitives.ReadUInt64LittleEndian(b) : 0;
}
