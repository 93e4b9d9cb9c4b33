using System.Buffers;
using Google.Protobuf.Reflection;

namespace Verifier.Service.Rpc;

/// <summary>
/// What a message on the wire would be when read, without reading it. A field of two bytes becomes an object of a hundred and more, and a member
/// of a oneof that comes again and again is copied as often, so the length of a request alone bounds nothing: fields are counted before any is
/// read, at every depth.
/// </summary>
/// <param name="IsBounded">False when it has more fields than <see cref="MostFields"/>. What is no message at all is left to the reader.</param>
/// <param name="IsKnown">
/// True only when the whole of it was gone through and each field is known, in a form in which the reader takes it. False says less: a member of a
/// oneof may be replaced by another with all that is in it, and what is no message has no fields.
/// </param>
internal readonly record struct MessageShape(bool IsBounded, bool IsKnown)
{
    /// <summary>Most fields of one request. The largest that means anything is a policy with every list full, about 2,300.</summary>
    public const int MostFields = 4096;

    // What nests deeper is refused by the reader itself.
    private const int Deepest = 100;

    public static MessageShape Of(MessageDescriptor type, ReadOnlySequence<byte> payload)
    {
        Walk walk = new(payload);
        bool isWhole = walk.Through(KnownFields.Of(type), payload.Length, 0);
        return new MessageShape(walk.Fields <= MostFields, isWhole && !walk.HasUnknown);
    }

    private ref struct Walk(ReadOnlySequence<byte> payload)
    {
        private SequenceReader<byte> _reader = new(payload);

        public int Fields { get; private set; }

        public bool HasUnknown { get; private set; }

        // False when it need not be looked at further.
        public bool Through(KnownFields known, long end, int depth)
        {
            (int before, ulong seen, int groups) = (Fields, 0, 0);
            while (_reader.Consumed < end)
            {
                if (++Fields > MostFields || !TryNumber(out uint tag))
                {
                    return false;
                }

                // No field of ours is a group, so that one is not known and nothing in it is, whatever its number.
                int form = (int)(tag & 7);
                KnownField? field = groups > 0 ? null : known.Find(tag >> 3);
                HasUnknown |= field is null || !field.HasForm(form);
                if (field is { IsMerged: true })
                {
                    // One that comes again is merged, and what is in a oneof of it, or is it, is copied as it is so far.
                    ulong bit = 1UL << (field.Number & 63);
                    Fields += (seen & bit) == 0 ? 0 : Fields - before;
                    seen |= bit;
                }

                bool isRead = form switch
                {
                    WireTypes.Varint => TryNumber(out _),
                    WireTypes.Fixed64 => TrySkip(8, end),
                    WireTypes.Fixed32 => TrySkip(4, end),
                    WireTypes.Delimited => TryNumber(out uint length) && length <= end - _reader.Consumed && ThroughDelimited(length, field, depth),

                    // The fields of a group follow it one by one, and are counted like others.
                    WireTypes.StartGroup => ++groups > 0,
                    WireTypes.EndGroup => --groups >= 0,
                    _ => false,
                };
                if (!isRead)
                {
                    return false;
                }
            }

            // A tag or a number that reaches beyond its message: what follows is not what the reader finds there.
            HasUnknown |= _reader.Consumed != end;
            return true;
        }

        private bool ThroughDelimited(long length, KnownField? field, int depth)
        {
            // Numbers one behind the other are no objects, and what is not known is kept as one piece.
            return field is { IsMessage: true }
                ? depth < Deepest && Through(field.Inside, _reader.Consumed + length, depth + 1)
                : TrySkip(length, long.MaxValue);
        }

        private bool TrySkip(long length, long end)
        {
            if (length > _reader.Remaining || length > end - _reader.Consumed)
            {
                return false;
            }

            _reader.Advance(length);
            return true;
        }

        // Of a number with more than 32 bits the reader takes the lower ones, for a tag and for a length alike, and so must whoever counts.
        private bool TryNumber(out uint value)
        {
            value = 0;
            for (int shift = 0; shift < 70; shift += 7)
            {
                if (!_reader.TryRead(out byte next))
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
}
