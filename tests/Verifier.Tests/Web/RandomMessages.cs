using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Verifier.Tests.Web;

/// <summary>Messages with every kind of field filled, up to a depth, from one seed.</summary>
internal sealed class RandomMessages(int seed)
{
    private const int Deepest = 6;
    private static readonly string[] Texts = ["", "a", "\"quoted\"\\", "tab\t, line\n, \u0001", "ünïcödé \u2028 \U0001F600", "</script>", "null", "1e5"];

    private readonly Random _random = new(seed);

    public IMessage Of(MessageDescriptor type, int depth = 0)
    {
        IMessage message = type.Parser.ParseFrom(ByteString.Empty);
        switch (message)
        {
            case Timestamp time:
                (time.Seconds, time.Nanos) = (_random.NextInt64(-62135596800, 253402300799), _random.Next(1_000_000_000));
                return message;
            case Duration duration:
                (duration.Seconds, duration.Nanos) = (_random.NextInt64(0, 1_000_000_000), _random.Next(1_000_000_000));
                return message;
        }

        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
        {
            bool isChosen = field.RealContainingOneof is not { } oneof || oneof.Accessor.GetCaseFieldDescriptor(message) is null;
            if (isChosen && _random.Next(4) > 0 && (depth < Deepest || field.FieldType != FieldType.Message))
            {
                Fill(message, field, depth);
            }
        }

        return message;
    }

    private void Fill(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.IsMap)
        {
            System.Collections.IDictionary map = (System.Collections.IDictionary)field.Accessor.GetValue(message);
            map[$"key {_random.Next()}"] = Texts[_random.Next(Texts.Length)];
        }
        else if (field.IsRepeated)
        {
            System.Collections.IList list = (System.Collections.IList)field.Accessor.GetValue(message);
            for (int i = _random.Next(4); i > 0; i--)
            {
                list.Add(Value(field, depth));
            }
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, depth));
        }
    }

    private object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message => Of(field.MessageType, depth + 1),
        FieldType.Enum => System.Enum.ToObject(field.EnumType.ClrType, field.EnumType.Values[_random.Next(field.EnumType.Values.Count)].Number),
        FieldType.Bool => _random.Next(2) == 0,
        FieldType.Bytes => Bytes(),
        FieldType.String => Texts[_random.Next(Texts.Length)],
        FieldType.Int32 => _random.Next(int.MinValue, int.MaxValue),
        FieldType.UInt32 => (uint)_random.NextInt64(0, (long)uint.MaxValue + 1),
        FieldType.Int64 => _random.NextInt64(long.MinValue, long.MaxValue),
        FieldType.UInt64 => (ulong)_random.NextInt64(long.MinValue, long.MaxValue),
        _ => throw new InvalidOperationException($"{field.FullName} is of a kind that no test knows."),
    };

    private ByteString Bytes()
    {
        byte[] bytes = new byte[_random.Next(70)];
        _random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }
}
