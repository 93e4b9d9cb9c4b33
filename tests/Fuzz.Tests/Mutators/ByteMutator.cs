namespace Verifier.Fuzz.Tests.Mutators;

/// <summary>Changes bytes without knowing what they mean: what every format must bear.</summary>
internal static class ByteMutator
{
    public static byte[] Mutate(Random random, byte[] input, int most = 4)
    {
        byte[] bytes = [.. input];
        for (int i = random.Next(1, most + 1); i > 0; i--)
        {
            bytes = Once(random, bytes);
        }

        return bytes;
    }

    private static byte[] Once(Random random, byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return Random(random, random.Next(1, 64));
        }

        int at = random.Next(bytes.Length);
        int length = Math.Min(bytes.Length - at, 1 + random.Next(random.Next(4) == 0 ? 512 : 16));
        switch (random.Next(12))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 3 or 4:
                Numbers.Write(random, bytes.AsSpan(at, Math.Min(bytes.Length - at, 1 << random.Next(4))), bytes.Length);
                return bytes;
            case 5:
                bytes.AsSpan(at, length).Fill((byte)(random.Next(2) * 0xFF));
                return bytes;
            case 6:
                bytes.AsSpan(random.Next(bytes.Length - length + 1), length).CopyTo(bytes.AsSpan(at));
                return bytes;
            case 7:
                return bytes[..at];
            case 8:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 9:
                return [.. bytes[..at], .. Random(random, length), .. bytes[at..]];
            case 10:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            default:
                return [.. bytes, .. Random(random, random.Next(1, 32))];
        }
    }

    private static byte[] Random(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
