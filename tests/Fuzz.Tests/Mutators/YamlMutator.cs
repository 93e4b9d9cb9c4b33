using System.Text;

namespace Verifier.Fuzz.Tests.Mutators;

/// <summary>Changes YAML: its lines, and what has a meaning between them.</summary>
internal static class YamlMutator
{
    private static readonly string[] Marks =
    [
        "&a ", "*a", "!!int ", "!<x> ", "? ", ": ", "- ", "-", "| \n", ">+9\n", "{", "}", "[", "]", "[[[[[[[[[[[[[[[[", "{a: {b: {c: {d: {e: {f: {g: {h: {i: 1", ", ", "#", "---\n", "...\n",
        "%YAML 1.2\n---\n", "%TAG ! x\n", "\t", "\r", "\0", "\u0085", "\"", "'", "\"\\ud800\"", "\"\\uDC00x\"", "\"\\x00\"", "\"\\UFFFFFFFF\"", "\"\\U0010FFFF\"", "\"\\q\"", "\"\\\n  \"",
        "<<", "~", "null", "true", "yes", "0x1", "01", "1e9", "-0", "99999999999999999999", "\ufeff",
    ];

    public static byte[] Mutate(Random random, byte[] text, IReadOnlyList<byte[]> donors)
    {
        if (random.Next(3) == 0)
        {
            return TextMutator.Mutate(random, text, donors);
        }

        StringBuilder yaml = new(Encoding.UTF8.GetString(text));
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(yaml.Length + 1);
            string mark = Marks[random.Next(Marks.Length)];
            switch (random.Next(4))
            {
                case 0:
                    yaml.Remove(at, Math.Min(yaml.Length - at, random.Next(1, 8)));
                    break;
                case 1:
                    yaml.Insert(ValueAt(yaml, at), mark);
                    break;
                case 2:
                    int from = ValueAt(yaml, at), to = yaml.ToString().IndexOf('\n', from);
                    yaml.Remove(from, (to < 0 ? yaml.Length : to) - from).Insert(from, mark);
                    break;
                default:
                    yaml.Insert(at, mark);
                    break;
            }
        }

        return Encoding.UTF8.GetBytes(yaml.ToString());
    }

    // The beginning of the value that stands here or comes next.
    private static int ValueAt(StringBuilder yaml, int at)
    {
        int colon = yaml.ToString().IndexOf(": ", at, StringComparison.Ordinal);
        return colon < 0 ? at : colon + 2;
    }
}
