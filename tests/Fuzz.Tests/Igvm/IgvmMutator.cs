using System.Buffers.Binary;
using SevSnp.Tests.Igvm;

namespace Verifier.Fuzz.Tests.Igvm;

/// <summary>
/// Changes files where it hurts: it knows headers, fields and the numbers near limits, and mostly repairs size and checksum, without
/// which a reader would never look further.
/// </summary>
internal sealed class IgvmMutator(Random random)
{
    private static readonly ulong[] Interesting =
    [
        0, 1, 2, 3, 7, 8, 0xFF, 0xFFF, 0x1000, 0x1001, 0x2000, 0xFFFF, 0x10000, 0x1F_F000, 0x20_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_F000, 0xFFFF_FFFF,
        1UL << 32, 1UL << 44, (1UL << 52) - 0x1000, 1UL << 52, 1UL << 63, ulong.MaxValue - 0xFFF, ulong.MaxValue - 0x1F_FFFF, ulong.MaxValue,
    ];

    private static readonly uint[] Types =
    [
        0, 1, 2, 0x101, 0x102, 0x103, 0x104, 0x105, 0x106, 0x107, 0x250, 0x301, 0x302, 0x303, 0x304, 0x305, 0x306, 0x307, 0x308, 0x30B, 0x30C, 0x30D,
        0x311, 0x313, 0x3F0, 0x8000_0302, 0x8000_03F0, 0x8000_0150, 0x8000_0002, uint.MaxValue,
    ];

    /// <summary>One mutant of a file.</summary>
    public byte[] Mutate(byte[] seedFile)
    {
        Layout file = Layout.Of(seedFile);
        int changes = 1 + random.Next(4);
        for (int i = 0; i < changes; i++)
        {
            ChangeHeaders(file);
        }

        byte[] bytes = file.ToBytes(moveOffsets: random.Next(4) != 0);
        if (random.Next(12) == 0)
        {
            Write(bytes, random.Next(8) * 4, 4);
        }

        if (random.Next(20) == 0)
        {
            Array.Resize(ref bytes, random.Next(bytes.Length + 64));
        }

        if (random.Next(30) != 0 && bytes.Length >= 24)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(0x10), bytes.Length);
        }

        if (random.Next(30) != 0)
        {
            Repair(bytes);
        }

        return bytes;
    }

    private void ChangeHeaders(Layout file)
    {
        int at = random.Next(Math.Max(1, file.Headers.Count));
        if (file.Headers.Count == 0)
        {
            return;
        }

        (uint type, byte[] body) = file.Headers[at];
        switch (random.Next(12))
        {
            case 0:
                file.Headers.Insert(random.Next(file.Headers.Count), (type, [.. body]));
                break;
            case 1:
                file.Headers.RemoveAt(at);
                break;
            case 2:
                int other = random.Next(file.Headers.Count);
                (file.Headers[at], file.Headers[other]) = (file.Headers[other], file.Headers[at]);
                break;
            case 3:
                file.Headers[at] = (Types[random.Next(Types.Length)], body);
                break;
            case 4:
                file.Headers[at] = (type, [.. body.Take(random.Next(body.Length + 1)), .. new byte[random.Next(3) * 4]]);
                break;
            case 5 when file.Data.Length > 0:
                file.Data[random.Next(file.Data.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 6 when file.Data.Length > 4:
                Write(file.Data, random.Next(file.Data.Length / 4) * 4, 4);
                break;
            case 7 when body.Length > 0:
                body[random.Next(body.Length)] ^= (byte)(1 << random.Next(8));
                break;
            default:
                if (body.Length >= 4)
                {
                    Write(body, random.Next(body.Length / 4) * 4, random.Next(2) == 0 ? 4 : 8);
                }

                break;
        }
    }

    private void Write(byte[] bytes, int at, int size)
    {
        ulong value = Interesting[random.Next(Interesting.Length)] + (ulong)(random.Next(8) == 0 ? random.Next(16) : 0);
        value = random.Next(6) == 0 ? (ulong)bytes.Length + (ulong)random.Next(9000) : value;
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        if (at < bytes.Length)
        {
            number[..Math.Min(size, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
        }
    }

    private static void Repair(byte[] bytes)
    {
        if (bytes.Length >= 32)
        {
            long offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
            long size = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12));
            if (offset + size <= bytes.Length)
            {
                SampleIgvm.Rechecksum(bytes);
            }
        }
    }

    /// <summary>A file taken apart far enough to change it.</summary>
    private sealed record Layout(byte[] Fixed, List<(uint Type, byte[] Body)> Headers, byte[] Data, int OldSection)
    {
        public static Layout Of(byte[] file)
        {
            int fixedSize = file.Length > 8 && file[4] == 2 ? 32 : 24;
            long section = file.Length >= 16 ? BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(12)) : 0;
            long end = Math.Min(file.Length, fixedSize + section);
            List<(uint, byte[])> headers = [];
            long at = Math.Min(fixedSize, file.Length);
            while (at + 8 <= end)
            {
                uint length = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at + 4));
                long next = at + 8 + ((length + 7L) & ~7L);
                if (next > end)
                {
                    break;
                }

                headers.Add((BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((int)at)), file[(int)(at + 8)..(int)(at + 8 + length)]));
                at = next;
            }

            return new Layout(file[..Math.Min(fixedSize, file.Length)], headers, file[(int)at..], (int)at - Math.Min(fixedSize, file.Length));
        }

        public byte[] ToBytes(bool moveOffsets)
        {
            int distance = Headers.Sum(h => 8 + ((h.Body.Length + 7) & ~7)) - OldSection;
            if (moveOffsets)
            {
                Headers.ForEach(h => Move(h.Type, h.Body, distance));
            }

            using MemoryStream stream = new();
            stream.Write(Fixed);
            Span<byte> prefix = stackalloc byte[8];
            foreach ((uint type, byte[] body) in Headers)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(prefix, type);
                BinaryPrimitives.WriteInt32LittleEndian(prefix[4..], body.Length);
                stream.Write(prefix);
                stream.Write(body);
                stream.Write(new byte[-body.Length & 7]);
            }

            int section = (int)stream.Length - Fixed.Length;
            stream.Write(Data);
            byte[] bytes = stream.ToArray();
            if (bytes.Length >= 16)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), section);
            }

            return bytes;
        }

        // Data follows the headers, so it moves when they grow or shrink.
        private static void Move(uint type, byte[] body, int distance)
        {
            int field = type is 0x301 or 0x302 or 0x304 ? 12 : type is 0x104 or 0x105 ? 4 : -1;
            if (field >= 0 && body.Length >= field + 4 && BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(field)) is not 0 and var offset)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(field), unchecked(offset + (uint)distance));
            }
        }
    }
}
