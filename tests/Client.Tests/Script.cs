using System.Globalization;
using System.Text;

namespace Verifier.Client.Tests;

/// <summary>
/// A transcript: commands and what they must answer. Lines are
/// <c>file NAME zeros N</c>, <c>file NAME digits N</c>, <c>file NAME text WORDS</c> (files for the commands), <c>$ verifierctl ...</c> (a command), and after a
/// command <c>exit N</c>, <c>out TEXT</c> and <c>err TEXT</c> (some line holds the text), <c>out! TEXT</c> and <c>err! TEXT</c> (no line does).
/// </summary>
internal sealed record Script(IReadOnlyList<ScriptStep> Steps)
{
    public static Script Parse(string text, IReadOnlyDictionary<string, string> variables)
    {
        List<ScriptStep> steps = [];
        foreach (string line in text.Split('\n').Select(l => l.TrimEnd('\r')).Where(l => l.Length > 0 && l[0] != '#'))
        {
            string expanded = variables.Aggregate(line, (l, v) => l.Replace($"${{{v.Key}}}", v.Value, StringComparison.Ordinal));
            string[] words = Words(expanded);
            string rest = expanded[Math.Min(expanded.Length, words[0].Length + 1)..];
            switch (words[0])
            {
                case "$" when words is [_, "verifierctl", ..]:
                    steps.Add(new ScriptStep.Command(line, words[2..]));
                    break;
                case "file" when words is [_, _, "zeros" or "digits" or "text", ..]:
                    steps.Add(new ScriptStep.Write(words[1], Content(words[2], words[3..])));
                    break;
                case "exit" or "out" or "out!" or "err" or "err!" when rest.Length > 0:
                    steps.Add(new ScriptStep.Expect(words[0], rest));
                    break;
                default:
                    throw new InvalidDataException($"a script cannot hold: {line}");
            }
        }

        return new Script(steps);
    }

    private static byte[] Content(string kind, string[] words) => kind switch
    {
        "zeros" => new byte[int.Parse(words[0], CultureInfo.InvariantCulture)],
        "digits" => Encoding.ASCII.GetBytes(new string('0', int.Parse(words[0], CultureInfo.InvariantCulture))),
        _ => Encoding.UTF8.GetBytes(string.Join(' ', words)),
    };

    // Words are separated by blanks; double quotes keep blanks together.
    private static string[] Words(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        bool quoted = false, any = false;
        foreach (char c in line)
        {
            switch (c)
            {
                case '"':
                    (quoted, any) = (!quoted, true);
                    break;
                case ' ' when !quoted:
                    Add();
                    break;
                default:
                    word.Append(c);
                    any = true;
                    break;
            }
        }

        Add();
        return [.. words];

        void Add()
        {
            if (any)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            any = false;
        }
    }
}

internal abstract record ScriptStep
{
    public sealed record Command(string Line, string[] Args) : ScriptStep;

    public sealed record Write(string Path, byte[] Content) : ScriptStep;

    public sealed record Expect(string Kind, string Text) : ScriptStep;
}
