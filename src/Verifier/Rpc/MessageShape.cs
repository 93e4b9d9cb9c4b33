using System.Buffers;
using Google.Protobuf.Reflection;

namespace Verifier.Service.Rpc;

/// <summary>
/// How much a message on the wire would be when read. A field of two bytes becomes an object of a hundred and more, and a member of a oneof that
/// comes again and again is copied as often, so the length of a request alone bounds nothing: fields are counted before any is read, at every
/// depth.
/// </summary>
internal static class MessageShape
{
    /// <summary>Most fields of one request. The largest that means anything is a policy with every list full, about 2,300.</summary>
    public const int MostFields = 4096;

    // What nests deeper is refused by the reader itself.
    private const int Deepest = 100;

    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int StartGroup = 3;
    private const int EndGroup = 4;
    private const int Fixed32 = 5;

    /// <summary>False when it has more fields than that. What is no message at all is left to the reader.</summary>
    public static bool IsBounded(MessageDescriptor type, ReadOnlySequence<byte> payload)
    {
        SequenceReader<byte> reader = new(payload);
        int fields = 0;
        _ = Count(ref reader, payload.Length, type, 0, ref fields);
        return fields <= MostFields;
    }

    // False when it need not be looked at further.
    private static bool Count(ref SequenceReader<byte> reader, long end, MessageDescriptor? type, int depth, ref int fields)
    {
        (int before, ulong seen, int groups) = (fields, 0, 0);
        while (reader.Consumed < end)
        {
            if (++fields > MostFields || !TryNumber(ref reader, out uint tag))
            {
                return false;
            }

            // No field of ours is a group, so that one is not known and nothing in it is, whatever its number.
            FieldDescriptor? field = groups > 0 ? null : type?.FindFieldByNumber((int)(tag >> 3));
            if (field is { FieldType: FieldType.Message, IsRepeated: false })
            {
                // One that comes again is merged, and what is in a oneof of it, or is it, is copied as it is so far.
                ulong bit = 1UL << (field.FieldNumber & 63);
                fields += (seen & bit) == 0 ? 0 : fields - before;
                seen |= bit;
            }

            bool isRead = (int)(tag & 7) switch
            {
                Varint => TryNumber(ref reader, out _),
                Fixed64 => TrySkip(ref reader, 8, end),
                Fixed32 => TrySkip(ref reader, 4, end),
                Delimited => TryNumber(ref reader, out uint length) && length <= end - reader.Consumed
                    && CountDelimited(ref reader, length, field, depth, ref fields),

                // The fields of a group follow it one by one, and are counted like others.
                StartGroup => ++groups > 0,
                EndGroup => --groups >= 0,
                _ => false,
            };
            if (!isRead)
            {
                return false;
            }
        }

        return true;
    }

    private static bool CountDelimited(ref SequenceReader<byte> reader, long length, FieldDescriptor? field, int depth, ref int fields)
    {
        // Numbers one behind the other are no objects, and what is not known is kept as one piece.
        return field?.FieldType == FieldType.Message
            ? depth < Deepest && Count(ref reader, reader.Consumed + length, field.MessageType, depth + 1, ref fields)
            : TrySkip(ref reader, length, long.MaxValue);
    }

    private static bool TrySkip(ref SequenceReader<byte> reader, long length, long end)
    {
        if (length > reader.Remaining || length > end - reader.Consumed)
        {
            return false;
        }

        reader.Advance(length);
        return true;
    }

    // Of a number with more than 32 bits the reader takes the lower ones, for a tag and for a length alike, and so must whoever counts.
    private static bool TryNumber(ref SequenceReader<byte> reader, out uint value)
    {
        value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (!reader.TryRead(out byte next))
            {
                return false;
            }

            value |= shift < 32 ? (uint)(next & 0x7F) << shift : 0;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
