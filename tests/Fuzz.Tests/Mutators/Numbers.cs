using System.Buffers.Binary;

namespace Verifier.Fuzz.Tests.Mutators;

/// <summary>Numbers near which readers go wrong.</summary>
internal static class Numbers
{
    private static readonly ulong[] All =
    [
        0, 1, 2, 3, 4, 7, 8, 15, 16, 24, 31, 32, 63, 64, 0x7F, 0x80, 0xFF, 0x100, 0xFFF, 0x1000, 0x7FFF, 0x8000, 0xFFFF, 0x10000,
        0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFF, 0x1_0000_0000, long.MaxValue, 1UL << 63, ulong.MaxValue - 7, ulong.MaxValue,
    ];

    public static ulong Next(Random random, int near = 0) => random.Next(4) switch
    {
        0 => (ulong)Math.Max(0, near + random.Next(-3, 4)),
        1 => All[random.Next(All.Length)] + (ulong)random.Next(3) - 1,
        2 => (ulong)random.NextInt64() >> random.Next(64),
        _ => All[random.Next(All.Length)],
    };

    /// <summary>Writes one into 1, 2, 4 or 8 bytes, in either byte order.</summary>
    public static void Write(Random random, Span<byte> field, int near = 0)
    {
        Span<byte> number = stackalloc byte[8];
        ulong value = Next(random, near);
        if (random.Next(4) == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(number, value << (64 - (8 * Math.Min(8, field.Length))));
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        }

        number[..Math.Min(8, field.Length)].CopyTo(field);
    }
}
