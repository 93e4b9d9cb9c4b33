using System.Buffers.Binary;

namespace SevSnp.IdBlocks;

/// <summary>A cursor over a structure of known length. The first broken rule sticks; reading goes on, so that a parser asks once at its end.</summary>
/// <param name="bytes">The whole structure.</param>
internal ref struct StructureReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the next field begins.</summary>
    public int Position { get; private set; }

    /// <summary>The first broken rule; none while its id is <see cref="IdBlockFaultId.None"/>.</summary>
    public IdBlockFault Fault { get; private set; }

    /// <summary>True while no rule is broken.</summary>
    public readonly bool IsGood => Fault.Id == IdBlockFaultId.None;

    public ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> field = _bytes.Slice(Position, count);
        Position += count;
        return field;
    }

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <summary>Bytes that must all be zero.</summary>
    public void Zeros(int count, string field, IdBlockFaultId id = IdBlockFaultId.ReservedIsNotZero)
    {
        int start = Position;
        int place = Take(count).IndexOfAnyExcept((byte)0);
        if (place >= 0)
        {
            Fail(id, field, start + place, "must be zero");
        }
    }

    public void Fail(IdBlockFaultId id, string field, int offset, string rule)
    {
        if (IsGood)
        {
            Fault = new IdBlockFault(id, field, offset, rule);
        }
    }
}
