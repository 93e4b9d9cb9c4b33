using Google.Protobuf;
using SevSnp.Primitives;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>The rules that many fields share. Each tells what is wrong at its path and returns the value, or a harmless one.</summary>
internal static class FieldRules
{
    private const int LongestEtag = 128;

    public static HexBytes? Exactly(FieldPath path, ByteString value, int length)
    {
        if (value.Length == length)
        {
            return new HexBytes(value.Span);
        }

        path.Fail(ViolationReasons.WrongLength, $"must be exactly {length} bytes long, is {value.Length}");
        return null;
    }

    public static bool Between(FieldPath path, ByteString value, int least, int most)
    {
        if (value.Length >= least && value.Length <= most)
        {
            return true;
        }

        path.Fail(ViolationReasons.WrongLength, $"must be {least} to {most} bytes long, is {value.Length}");
        return false;
    }

    /// <summary>A SHA-384 digest that names something, and so is never zero.</summary>
    public static Digest384? Digest(FieldPath path, ByteString value)
    {
        if (value.Length != Digest384.Size)
        {
            path.Fail(ViolationReasons.WrongLength, $"must be exactly {Digest384.Size} bytes long, is {value.Length}");
            return null;
        }

        Digest384 digest = new(value.Span);
        if (!digest.IsZero)
        {
            return digest;
        }

        path.Fail(ViolationReasons.ZeroValue, "must not be all zero");
        return null;
    }

    /// <summary>A list of digests, of which none is all zero.</summary>
    public static List<Digest384> Digests(FieldPath path, IReadOnlyList<ByteString> values, int most)
    {
        List<Digest384> result = [];
        for (int i = 0; AtMost(path, values.Count, most) && i < values.Count; i++)
        {
            if (Digest(path.At(i), values[i]) is { } digest)
            {
                result.Add(digest);
            }
        }

        return result;
    }

    public static byte Byte(FieldPath path, uint value) => (byte)InRange(path, value, 0, 255);

    public static uint InRange(FieldPath path, uint value, uint least, uint most)
    {
        if (value >= least && value <= most)
        {
            return value;
        }

        path.Fail(ViolationReasons.OutOfRange, $"must be {least} to {most}");
        return least;
    }

    /// <summary>At most so many items; tells once and lets the caller stop.</summary>
    public static bool AtMost(FieldPath path, int count, int most)
    {
        if (count <= most)
        {
            return true;
        }

        path.Fail(ViolationReasons.TooMany, $"must be at most {most}, is {count}");
        return false;
    }

    public static string Text(FieldPath path, string value, int least, int most, string allowed, Func<char, bool> isAllowed)
    {
        if (least > 0 && value.Length == 0)
        {
            path.Required();
        }
        else if (value.Length > most || value.Length < least)
        {
            path.Fail(ViolationReasons.WrongLength, $"must be {least} to {most} characters long, is {value.Length}");
        }
        else if (!ReferenceNames.IsAll(value, isAllowed))
        {
            path.Fail(ViolationReasons.WrongFormat, $"must consist of {allowed}");
        }

        return value;
    }

    /// <summary>Text for people: anything printable.</summary>
    public static string FreeText(FieldPath path, string value, int least, int most) =>
        Text(path, value, least, most, "printable characters", IsPrintable);

    /// <summary>An etag as read; null where the caller does not mind.</summary>
    public static string? Etag(FieldPath path, string value)
    {
        Text(path, value, 0, LongestEtag, "printable ASCII characters", c => c is >= ' ' and <= '~');
        return value.Length == 0 ? null : value;
    }

    public static bool IsPrintable(char c) => char.GetUnicodeCategory(c) is not (
        System.Globalization.UnicodeCategory.Control
        or System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.LineSeparator
        or System.Globalization.UnicodeCategory.ParagraphSeparator
        or System.Globalization.UnicodeCategory.PrivateUse
        or System.Globalization.UnicodeCategory.OtherNotAssigned);

    public static void Empty(FieldPath path, bool isEmpty)
    {
        if (!isEmpty)
        {
            path.Fail(ViolationReasons.OutputOnly, "is set by the service and must be empty");
        }
    }

    /// <summary>A set of values of an enum, each of them <see cref="Known"/>.</summary>
    public static HashSet<TItem> KnownSet<TWire, TItem>(FieldPath path, IReadOnlyList<TWire> values, int most, Func<TWire, TItem> convert)
        where TWire : struct, Enum
    {
        HashSet<TItem> result = [];
        for (int i = 0; AtMost(path, values.Count, most) && i < values.Count; i++)
        {
            if (Known(path.At(i), values[i]))
            {
                result.Add(convert(values[i]));
            }
        }

        return result;
    }

    /// <summary>A value of an enum that the contract knows, and not the zero one.</summary>
    public static bool Known<T>(FieldPath path, T value)
        where T : struct, Enum
    {
        if (Enum.IsDefined(value) && !value.Equals(default(T)))
        {
            return true;
        }

        path.Fail(ViolationReasons.UnknownValue, value.Equals(default(T)) ? "must not be unspecified" : "is not a value that this service knows");
        return false;
    }
}
