using System.Collections.Concurrent;
using Google.Protobuf.Reflection;

namespace Verifier.Service.Rpc;

/// <summary>The fields of a kind of message by their numbers. Made once of its descriptor, which looks up each in a table of all there are.</summary>
internal sealed class KnownFields
{
    private static readonly ConcurrentDictionary<MessageDescriptor, KnownFields> All = new();

    private readonly KnownField?[] _byNumber;

    private KnownFields(MessageDescriptor type)
    {
        IList<FieldDescriptor> fields = type.Fields.InFieldNumberOrder();
        _byNumber = new KnownField?[fields.Count == 0 ? 0 : fields[^1].FieldNumber + 1];
        foreach (FieldDescriptor field in fields)
        {
            _byNumber[field.FieldNumber] = new KnownField(field);
        }
    }

    public static KnownFields Of(MessageDescriptor type) => All.GetOrAdd(type, t => new KnownFields(t));

    public KnownField? Find(uint number) => number < (uint)_byNumber.Length ? _byNumber[number] : null;
}

/// <summary>What a field of a kind of message is on the wire.</summary>
internal sealed class KnownField(FieldDescriptor descriptor)
{
    private readonly int _forms = Forms(descriptor);
    private KnownFields? _inside;

    public int Number { get; } = descriptor.FieldNumber;

    public bool IsMessage { get; } = descriptor.FieldType == FieldType.Message;

    /// <summary>Whether one that comes again is added to the one before.</summary>
    public bool IsMerged { get; } = descriptor is { FieldType: FieldType.Message, IsRepeated: false };

    /// <summary>The fields of a message. Found when they are asked for, since it may be within itself.</summary>
    public KnownFields Inside => _inside ??= KnownFields.Of(descriptor.MessageType);

    /// <summary>Whether the reader takes it in this form. In another it keeps it as one that it does not know.</summary>
    public bool HasForm(int wireType) => ((_forms >> wireType) & 1) != 0;

    // Numbers of a list come one by one or packed, however they are declared.
    private static int Forms(FieldDescriptor field) => Form(field.FieldType) | (field.IsRepeated ? Form(FieldType.Bytes) : 0);

    // A kind that is not named here has no form, so that nobody takes it for known without looking.
    private static int Form(FieldType type) => type switch
    {
        FieldType.Int32 or FieldType.Int64 or FieldType.UInt32 or FieldType.UInt64 or FieldType.SInt32 or FieldType.SInt64 or FieldType.Bool or FieldType.Enum
            => 1 << WireTypes.Varint,
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => 1 << WireTypes.Fixed64,
        FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => 1 << WireTypes.Fixed32,
        FieldType.String or FieldType.Bytes or FieldType.Message => 1 << WireTypes.Delimited,
        _ => 0,
    };
}

/// <summary>The forms that fields have on the wire: the lowest three bits of their tags.</summary>
internal static class WireTypes
{
    public const int Varint = 0;
    public const int Fixed64 = 1;
    public const int Delimited = 2;
    public const int StartGroup = 3;
    public const int EndGroup = 4;
    public const int Fixed32 = 5;
}
