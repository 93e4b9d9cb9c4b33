namespace Verifier.Fuzz.Tests.Mutators;

/// <summary>
/// Changes messages as they are on the wire: tags, kinds, lengths and varints longer than need be, fields unknown, doubled, left out,
/// exchanged and nested, without knowing what they mean.
/// </summary>
internal static class WireMutator
{
    private const int MostFields = 400;

    public static byte[] Mutate(Random random, byte[] message, IReadOnlyList<byte[]> donors)
    {
        if (message.Length == 0 || random.Next(10) == 0 || Split(message) is not { Count: > 0 } fields)
        {
            return ByteMutator.Mutate(random, message);
        }

        for (int i = random.Next(1, 4); i > 0 && fields.Count > 0; i--)
        {
            Change(random, fields, donors);
        }

        return [.. fields.SelectMany(f => f.Encode())];
    }

    private static void Change(Random random, List<Field> fields, IReadOnlyList<byte[]> donors)
    {
        int at = random.Next(fields.Count);
        Field field = fields[at];
        switch (random.Next(14))
        {
            case 0:
                fields.RemoveAt(at);
                break;
            case 1:
                fields.Insert(random.Next(fields.Count + 1), field);
                break;
            case 2:
                int other = random.Next(fields.Count);
                (fields[at], fields[other]) = (fields[other], fields[at]);
                break;
            case 3:
                fields[at] = field with { Number = random.Next(3) == 0 ? (uint)Numbers.Next(random) & 0x1FFF_FFFF : (uint)random.Next(1, 24) };
                break;
            case 4:
                fields[at] = field with { Kind = (byte)random.Next(8) };
                break;
            case 5:
                fields[at] = field with { Padding = random.Next(1, 12) };
                break;
            case 6 when field.Kind == 2:
                fields[at] = field with { Length = Numbers.Next(random, field.Content.Length) };
                break;
            case 7 when donors.Count > 0 && Split(donors[random.Next(donors.Count)]) is { Count: > 0 } foreign:
                fields.Insert(at, foreign[random.Next(foreign.Count)]);
                break;
            case 8 when field.Kind == 2:
                fields[at] = field with { Content = Nest(field, random.Next(1, random.Next(4) == 0 ? 150 : 4)) };
                break;
            case 9:
                fields.InsertRange(at, Enumerable.Repeat(field, random.Next(8) == 0 ? random.Next(300) : 2));
                break;
            case 10 when field.Kind == 0:
                fields[at] = field with { Value = Numbers.Next(random) };
                break;
            case 11 when field.Kind == 2:
                fields[at] = field with { Content = [] };
                break;
            default:
                // Within: as a message when it reads as one, or as bytes.
                fields[at] = field.Kind == 2 ? field with { Content = Mutate(random, field.Content, donors) } : field with { Value = Numbers.Next(random) };
                break;
        }
    }

    private static byte[] Nest(Field field, int depth)
    {
        byte[] content = field.Content;
        for (; depth > 0 && content.Length < 4096; depth--)
        {
            content = (field with { Content = content }).Encode();
        }

        return content;
    }

    private static List<Field>? Split(byte[] message)
    {
        List<Field> fields = [];
        for (int at = 0; at < message.Length;)
        {
            if (!TryVarint(message, ref at, out ulong tag) || tag >> 3 is 0 or > 0x1FFF_FFFF || fields.Count > MostFields)
            {
                return null;
            }

            Field field = new((uint)(tag >> 3), (byte)(tag & 7), 0, []);
            int size = 0;
            switch (field.Kind)
            {
                case 0 when TryVarint(message, ref at, out ulong value):
                    fields.Add(field with { Value = value });
                    continue;
                case 1:
                    size = 8;
                    break;
                case 2 when TryVarint(message, ref at, out ulong length) && length <= (ulong)(message.Length - at):
                    size = (int)length;
                    break;
                case 5:
                    size = 4;
                    break;
                default:
                    return null;
            }

            if (size > message.Length - at)
            {
                return null;
            }

            fields.Add(field with { Content = message[at..(at + size)] });
            at += size;
        }

        return fields;
    }

    private static bool TryVarint(byte[] bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="Number">Number of the field.</param>
    /// <param name="Kind">Wire type, one that exists or not.</param>
    /// <param name="Value">Of a varint.</param>
    /// <param name="Content">Of all others.</param>
    private sealed record Field(uint Number, byte Kind, ulong Value, byte[] Content)
    {
        /// <summary>Bytes by which varints are longer than need be.</summary>
        public int Padding { get; init; }

        /// <summary>Length that is claimed, or null for the right one.</summary>
        public ulong? Length { get; init; }

        public byte[] Encode() =>
        [
            .. Varint(((ulong)Number << 3) | Kind, Padding),
            .. Kind == 0 ? Varint(Value, Padding) : [],
            .. Kind == 2 ? Varint(Length ?? (ulong)Content.Length, Padding) : [],
            .. Content,
        ];

        private static List<byte> Varint(ulong value, int padding)
        {
            List<byte> bytes = [];
            for (; value >= 0x80; value >>= 7)
            {
                bytes.Add((byte)(value | 0x80));
            }

            bytes.Add((byte)value);
            for (; padding > 0; padding--)
            {
                bytes[^1] |= 0x80;
                bytes.Add(0);
            }

            return bytes;
        }
    }
}
