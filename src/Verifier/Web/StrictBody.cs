using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Web;

/// <summary>
/// Reads a body of JSON as a message, or refuses it. The readers of JSON at hand leave out what they do not know, take the last of two,
/// round large numbers and read null as nothing: an expectation written so would be a check not made. Here each of these is an error.
/// </summary>
internal static class StrictBody
{
    private const int MostLevels = 32;
    private const int LongestEchoedName = 64;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(false));
    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = MostLevels,
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
    };

    /// <exception cref="RpcException">It is refused, with every field that is wrong.</exception>
    public static IMessage Read(ReadOnlyMemory<byte> body, MessageDescriptor type, string root)
    {
        try
        {
            string text = Utf8.GetString(body.Span);
            using JsonDocument document = JsonDocument.Parse(body, Options);
            FieldViolations violations = new();
            CheckMessage(document.RootElement, type, new FieldPath(violations, root));
            violations.ThrowIfAny();
            return Parser.Parse(text, type);
        }
        catch (Exception e) when (IsOfReading(e))
        {
            throw RpcErrors.Plain(StatusCode.InvalidArgument, ErrorReasons.MalformedMessage, "the body is not one well-formed object of JSON in UTF-8");
        }
    }

    /// <summary>What readers of JSON throw at input that they do not take.</summary>
    public static bool IsOfReading(Exception e) =>
        e is JsonException or InvalidProtocolBufferException or InvalidJsonException or FormatException or OverflowException or InvalidOperationException or ArgumentException;

    /// <summary>A field by either of its names.</summary>
    public static FieldDescriptor? Find(MessageDescriptor type, string name) =>
        type.Fields.InDeclarationOrder().FirstOrDefault(f => f.JsonName == name || f.Name == name);

    /// <summary>A name of the caller's goes into the answer only if it could be one of a field.</summary>
    public static FieldPath Named(FieldPath path, string name) =>
        path.Field(name.Length is > 0 and <= LongestEchoedName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') ? name : "?");

    private static void CheckMessage(JsonElement value, MessageDescriptor type, FieldPath path)
    {
        if (type.File.Package == "google.protobuf")
        {
            Tell(path, JsonScalars.WellKnownFault(type, value));
            return;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            Tell(path, value.ValueKind == JsonValueKind.Null ? "must not be null; leave it out to state nothing" : "must be an object");
            return;
        }

        HashSet<FieldDescriptor> seen = [];
        HashSet<OneofDescriptor> chosen = [];
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (Find(type, property.Name) is not { } field)
            {
                Named(path, property.Name).Fail(ViolationReasons.UnknownField, "is no field that this service knows");
                continue;
            }

            FieldPath at = path.Field(field.Name);
            if (!seen.Add(field))
            {
                at.Fail(ViolationReasons.Duplicate, "is given twice");
            }
            else if (field.RealContainingOneof is { } oneof && !chosen.Add(oneof))
            {
                at.Fail(ViolationReasons.Contradictory, "is one of several, of which only one may be given");
            }

            CheckField(property.Value, field, at);
        }
    }

    private static void CheckField(JsonElement value, FieldDescriptor field, FieldPath path)
    {
        if (field.IsMap)
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                Tell(path, "must be an object");
                return;
            }

            FieldDescriptor values = field.MessageType.FindFieldByName("value");
            foreach (JsonProperty entry in value.EnumerateObject())
            {
                Tell(path, JsonScalars.Fault(values, entry.Value));
            }
        }
        else if (!field.IsRepeated)
        {
            CheckOne(value, field, path);
        }
        else if (value.ValueKind != JsonValueKind.Array)
        {
            Tell(path, "must be a list");
        }
        else
        {
            foreach ((int i, JsonElement item) in value.EnumerateArray().Index())
            {
                CheckOne(item, field, path.At(i));
            }
        }
    }

    private static void CheckOne(JsonElement value, FieldDescriptor field, FieldPath path)
    {
        if (field.FieldType == FieldType.Message)
        {
            CheckMessage(value, field.MessageType, path);
        }
        else
        {
            Tell(path, JsonScalars.Fault(field, value));
        }
    }

    private static void Tell(FieldPath path, string? fault)
    {
        if (fault is not null)
        {
            path.Fail(ViolationReasons.WrongFormat, fault);
        }
    }
}
