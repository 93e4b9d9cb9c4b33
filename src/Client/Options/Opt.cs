using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace Verifier.Client.Options;

/// <summary>Makes options whose values are parsed once, into the type that is used; what does not fit is a usage error.</summary>
internal static class Opt
{
    private const string SomeText = "some text that does not begin with --";
    private const string KindNames = "svsm-igvm, igvm, stage1 or ovmf";

    public delegate bool TryParse<T>(string text, out T value);

    public static Option<FileInfo> File(string name, string description, bool required = false) =>
        new(name) { Description = description, HelpName = "FILE", Required = required };

    public static Option<IReadOnlyList<FileInfo>> Files(string name, string description) =>
        Many<FileInfo>(name, "FILE", description, "a file name", (string text, out FileInfo value) =>
        {
            value = text.Length > 0 ? new FileInfo(text) : null!;
            return text.Length > 0;
        });

    // A flag is there or not; it takes no value that could say otherwise.
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    // What comes out of an unset variable is refused: "" would state nothing, and an option in the place of a text would be lost.
    public static Option<string> Text(string name, string metavar, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = metavar,
        Required = required,
        CustomParser = result => TryText(result.Tokens[0].Value, out string value) ? value : Refuse<string>(result, name, SomeText),
    };

    /// <summary>Any text at all, taken as it is.</summary>
    public static Option<string> Verbatim(string name, string metavar, string description) => new(name) { Description = description, HelpName = metavar };

    public static Option<string> Word(string name, string metavar, string description, params string[] words) => new(name)
    {
        Description = description,
        HelpName = metavar,
        CustomParser = result => Array.Find(words, w => w == result.Tokens[0].Value)
            ?? Refuse<string>(result, name, $"{string.Join(", ", words[..^1])} or {words[^1]}"),
    };

    public static Option<IReadOnlyList<string>> Texts(string name, string metavar, string description) =>
        Many<string>(name, metavar, description, SomeText, TryText);

    public static Option<HexBytes?> Hex(string name, int length, string description) =>
        One<HexBytes>(name, "HEX", $"{description} ({length} bytes).", Digits(length), (string text, out HexBytes value) => HexBytes.TryParse(text, length, out value!));

    public static Option<IReadOnlyList<HexBytes>> Hexes(string name, int length, string description) =>
        Many(name, "HEX", $"{description} ({length} bytes; repeatable).", Digits(length), (string text, out HexBytes value) => HexBytes.TryParse(text, length, out value!));

    public static Option<IReadOnlyList<Digest384>> Digests(string name, string description, bool required = false) =>
        Many<Digest384>(name, "HEX", description, Digits(Digest384.Size) + ", not all zero", (string text, out Digest384 value) => Digest384.TryParse(text, out value) && !value.IsZero, required);

    public static Option<IReadOnlyList<uint>> Vmpls(string description) =>
        Numbers("--vmpl", 0, 3, description);

    public static Option<IReadOnlyList<uint>> Numbers(string name, uint least, uint most, string description) =>
        Many<uint>(name, "N", description, $"a number from {least} to {most}", (string text, out uint value) => TryNumber(text, least, most, out value));

    public static Option<uint?> Number(string name, uint least, uint most, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => TryNumber(result.Tokens[0].Value, least, most, out uint value) ? value : Refuse<uint?>(result, name, $"a number from {least} to {most}"),
    };

    public static Option<ulong?> HexNumber(string name, string description) =>
        Value<ulong>(name, "HEX", description, "a hexadecimal number of 64 bits such as 0x21", TryHexNumber);

    /// <summary>One of a few names.</summary>
    public static Option<T?> Choice<T>(string name, string description, IReadOnlyList<(string Name, T Value)> choices)
        where T : class => One(
            name,
            string.Join('|', choices.Select(c => c.Name)),
            description,
            string.Join(", ", choices.Select(c => c.Name)),
            (string text, out T value) => (value = choices.FirstOrDefault(c => c.Name == text).Value) is not null);

    /// <summary>A value type; null when the option is not given.</summary>
    public static Option<T?> Value<T>(string name, string metavar, string description, string wanted, TryParse<T> parse)
        where T : struct => new(name)
        {
            Description = description,
            HelpName = metavar,
            CustomParser = result => parse(result.Tokens[0].Value, out T value) ? value : Refuse<T?>(result, name, wanted),
        };

    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => TryTime(result.Tokens[0].Value, out DateTimeOffset value) ? value : Refuse<DateTimeOffset?>(result, name, "a time such as 2026-11-25T18:00:00Z"),
    };

    public static Option<IReadOnlyList<LaunchKind>> Kinds(string name, string description) =>
        Many<LaunchKind>(name, "KIND", description, KindNames, TryKind);

    public static Option<LaunchKind> Kind(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "KIND",
        Required = true,
        CustomParser = result => TryKind(result.Tokens[0].Value, out LaunchKind kind) ? kind : Refuse<LaunchKind>(result, name, KindNames),
    };

    /// <summary>True when the user wrote the option. Safe to ask before values have been found to parse.</summary>
    public static bool IsGiven(CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>Reads a number as <c>0x</c> and hexadecimal digits: without the prefix it could be meant as decimal.</summary>
    public static bool TryHexNumber(string text, out ulong value)
    {
        value = 0;
        return text.StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryText(string text, out string value) => (value = text).Length > 0 && !text.StartsWith("--", StringComparison.Ordinal);

    private static bool TryKind(string text, out LaunchKind kind)
    {
        kind = Enum.GetValues<LaunchKind>().FirstOrDefault(k => k != LaunchKind.Unspecified && k.WireName() == text);
        return kind != LaunchKind.Unspecified;
    }

    private static bool TryNumber(string text, uint least, uint most, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    private static bool TryTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text,
        ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd"],
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal,
        out time);

    private static string Digits(int length) => $"{length * 2} hexadecimal digits";

    private static Option<T?> One<T>(string name, string metavar, string description, string wanted, TryParse<T> parse)
        where T : class => new(name)
        {
            Description = description,
            HelpName = metavar,
            CustomParser = result => parse(result.Tokens[0].Value, out T value) ? value : Refuse<T>(result, name, wanted),
        };

    private static Option<IReadOnlyList<T>> Many<T>(string name, string metavar, string description, string wanted, TryParse<T> parse, bool required = false) => new(name)
    {
        Description = description,
        HelpName = metavar,
        Required = required,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = required ? null : _ => [],
        CustomParser = result =>
        {
            List<T> values = [];
            foreach (Token token in result.Tokens)
            {
                if (!parse(token.Value, out T value))
                {
                    return Refuse<IReadOnlyList<T>>(result, name, wanted, token.Value);
                }

                values.Add(value);
            }

            return values;
        },
    };

    private static T? Refuse<T>(ArgumentResult result, string name, string wanted, string? value = null)
    {
        result.AddError($"{name} must be {wanted}, not '{value ?? result.Tokens[0].Value}'");
        return default;
    }
}
