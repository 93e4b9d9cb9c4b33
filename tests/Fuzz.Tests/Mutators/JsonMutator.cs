using System.Globalization;
using System.Text;

namespace Verifier.Fuzz.Tests.Mutators;

/// <summary>Changes JSON by its tokens: what it makes is mostly well-formed, and now and then just not.</summary>
internal static class JsonMutator
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "1", "-1", "255", "256", "4294967295", "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551615",
        "18446744073709551616", "1e400", "-1e-400", "1.0", "0.1", "01", "\"\"", "\"0\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\u2028\"", "[]", "{}", "[[]]", "{\"\":0}", "[null]",
        "\"AA==\"", "\"AA\"", "\"____\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"-1s\"", "NaN", "Infinity", "'a'", "//", "\"\\x\"",
    ];

    public static byte[] Mutate(Random random, byte[] json, IReadOnlyList<byte[]> donors)
    {
        List<string> tokens = Split(Encoding.UTF8.GetString(json));
        if (tokens.Count == 0 || random.Next(12) == 0)
        {
            return ByteMutator.Mutate(random, json);
        }

        for (int i = random.Next(1, 4); i > 0 && tokens.Count > 0; i--)
        {
            Change(random, tokens, donors);
        }

        return Encoding.UTF8.GetBytes(string.Concat(tokens));
    }

    private static void Change(Random random, List<string> tokens, IReadOnlyList<byte[]> donors)
    {
        int at = random.Next(tokens.Count);
        (int start, int end) = Value(tokens, at);
        switch (random.Next(11))
        {
            case 0:
                Replace(tokens, start, end, [Values[random.Next(Values.Length)]]);
                break;
            case 1:
                // The same value, or member, once more.
                int from = start >= 2 && tokens[start - 1] == ":" ? start - 2 : start;
                tokens.InsertRange(end, [",", .. tokens[from..end]]);
                break;
            case 2:
                Replace(tokens, start, end, []);
                break;
            case 3:
                (int otherStart, int otherEnd) = Value(tokens, random.Next(tokens.Count));
                Replace(tokens, start, end, tokens[otherStart..otherEnd]);
                break;
            case 4 when donors.Count > 0 && Split(Encoding.UTF8.GetString(donors[random.Next(donors.Count)])) is { Count: > 0 } foreign:
                (int foreignStart, int foreignEnd) = Value(foreign, random.Next(foreign.Count));
                Replace(tokens, start, end, foreign[foreignStart..foreignEnd]);
                break;
            case 5:
                int depth = random.Next(random.Next(4) == 0 ? 200 : 4);
                Replace(tokens, start, end, [.. Enumerable.Repeat("[", depth), .. tokens[start..end], .. Enumerable.Repeat("]", depth)]);
                break;
            case 6 when tokens[at].Length > 2 && tokens[at][0] == '"':
                tokens[at] = Text(random, tokens[at]);
                break;
            case 7 when tokens[at].Length > 0 && char.IsAsciiDigit(tokens[at][^1]):
                tokens[at] = Numbers.Next(random).ToString(CultureInfo.InvariantCulture);
                break;
            case 8:
                tokens.RemoveAt(at);
                break;
            case 9:
                tokens.InsertRange(end, Enumerable.Range(0, random.Next(8) == 0 ? random.Next(200) : 1).SelectMany(_ => (string[])[",", .. tokens[start..end]]).ToArray());
                break;
            default:
                tokens.Insert(at, random.Next(2) == 0 ? " " : tokens[random.Next(tokens.Count)]);
                break;
        }
    }

    // A text stays one, in another spelling or with other characters.
    private static string Text(Random random, string quoted)
    {
        int at = random.Next(1, quoted.Length - 1);
        return random.Next(6) switch
        {
            0 => $"{quoted[..at]}\\u{(int)quoted[at]:x4}{quoted[(at + 1)..]}",
            1 => quoted[..at] + quoted[at..].ToUpperInvariant(),
            2 => quoted.Remove(at, 1),
            3 => quoted.Insert(at, new string(quoted[at], random.Next(1, random.Next(4) == 0 ? 2000 : 4))),
            4 => quoted.Insert(at, ((char)random.Next(0x20, 0x2FFF)).ToString()),
            _ => $"\"{quoted[at..]}",
        };
    }

    private static void Replace(List<string> tokens, int start, int end, IReadOnlyList<string> by)
    {
        string[] kept = [.. by];
        tokens.RemoveRange(start, end - start);
        tokens.InsertRange(start, kept);
    }

    // The whole value that begins with a token: up to the bracket that closes it.
    private static (int Start, int End) Value(List<string> tokens, int at)
    {
        if (tokens[at] is not ("{" or "["))
        {
            return (at, at + 1);
        }

        int depth = 0;
        for (int end = at; end < tokens.Count; end++)
        {
            depth += tokens[end] is "{" or "[" ? 1 : tokens[end] is "}" or "]" ? -1 : 0;
            if (depth == 0)
            {
                return (at, end + 1);
            }
        }

        return (at, tokens.Count);
    }

    private static List<string> Split(string json)
    {
        List<string> tokens = [];
        for (int at = 0; at < json.Length;)
        {
            int end = at + 1;
            if (json[at] == '"')
            {
                while (end < json.Length && json[end] != '"')
                {
                    end += json[end] == '\\' ? 2 : 1;
                }

                end = Math.Min(json.Length, end + 1);
            }
            else if (!"{}[],:".Contains(json[at], StringComparison.Ordinal))
            {
                while (end < json.Length && !"{}[],:\"".Contains(json[end], StringComparison.Ordinal))
                {
                    end++;
                }
            }

            tokens.Add(json[at..end]);
            at = end;
        }

        return tokens;
    }
}
