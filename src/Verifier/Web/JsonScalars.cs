using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Verifier.Service.Web;

/// <summary>Which texts and numbers are a value of a field, and not only something that a lenient reader would make one of.</summary>
internal static class JsonScalars
{
    // Beyond it a number of JSON is rounded by most readers and writers, so that bits of a mask would be lost in silence.
    private const long LargestExact = (1L << 53) - 1;

    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    /// <summary>Why a value of JSON is none of the field; null when it is one.</summary>
    public static string? Fault(FieldDescriptor field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "must not be null; leave it out to state nothing",
        JsonValueKind.String => field.FieldType == FieldType.Bool ? "must be true or false, without quotes" : Fault(field, value.GetString()!),
        JsonValueKind.True or JsonValueKind.False => field.FieldType == FieldType.Bool ? null : $"must be {Wanted(field)}",
        JsonValueKind.Number => NumberFault(field, value),
        _ => $"must be {Wanted(field)}",
    };

    /// <summary>The same of a value that is written as text: in quotes, or in the query.</summary>
    public static string? Fault(FieldDescriptor field, string text) => field.FieldType switch
    {
        FieldType.String => null,
        FieldType.Bool => text is "true" or "false" ? null : "must be true or false",
        FieldType.Bytes => IsBase64(text) ? null : "must be base64 of the standard alphabet, padded",
        FieldType.Enum => field.EnumType.FindValueByName(text) is not null ? null : "must be the name of a value that this service knows",
        FieldType.Int32 or FieldType.Int64 or FieldType.UInt32 or FieldType.UInt64 => IsWhole(field.FieldType, text) ? null : $"must be {Wanted(field)}",
        _ => "is of a kind that is not taken as JSON",
    };

    /// <summary>The same of a time or duration.</summary>
    public static string? WellKnownFault(MessageDescriptor type, JsonElement value)
    {
        try
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                JsonParser.Default.Parse(value.GetRawText(), type);
                return null;
            }
        }
        catch (Exception e) when (StrictBody.IsOfReading(e))
        {
            // Told below.
        }

        return type.Name == "Duration" ? "must be a duration such as \"30s\"" : "must be a time such as \"2026-11-26T12:00:00Z\"";
    }

    private static string? NumberFault(FieldDescriptor field, JsonElement value)
    {
        if (field.FieldType is not (FieldType.Int32 or FieldType.Int64 or FieldType.UInt32 or FieldType.UInt64))
        {
            return field.FieldType == FieldType.Enum ? "must be the name of a value that this service knows" : $"must be {Wanted(field)}";
        }

        string text = value.GetRawText();
        if (!IsWhole(field.FieldType, text))
        {
            return $"must be {Wanted(field)}";
        }

        return decimal.Parse(text, CultureInfo.InvariantCulture) is >= -LargestExact and <= LargestExact ? null : "must be written in quotes: as a number it would lose digits";
    }

    // The one form in which it is written: no sign but a minus, no leading zeros, no exponent.
    private static bool IsWhole(FieldType type, string text) => type switch
    {
        FieldType.Int32 => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int i) && text == i.ToString(CultureInfo.InvariantCulture),
        FieldType.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long l) && text == l.ToString(CultureInfo.InvariantCulture),
        FieldType.UInt32 => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint u) && text == u.ToString(CultureInfo.InvariantCulture),
        _ => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong v) && text == v.ToString(CultureInfo.InvariantCulture),
    };

    private static bool IsBase64(string text)
    {
        try
        {
            return !text.AsSpan().ContainsAnyExcept(Base64) && Convert.FromBase64String(text) is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static string Wanted(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => "a text",
        FieldType.Bool => "true or false",
        FieldType.Bytes => "base64 of the standard alphabet, padded",
        FieldType.Enum => "the name of a value that this service knows",
        FieldType.Int32 => "a whole number of 32 bits",
        FieldType.UInt32 => "a whole number of 32 bits, not negative",
        FieldType.Int64 => "a whole number of 64 bits",
        FieldType.UInt64 => "a whole number of 64 bits, not negative",
        _ => "an object",
    };
}
