using System.Text;

namespace Verifier.Fuzz.Tests.Mutators;

/// <summary>Changes text by its lines, PEM above all: what a block holds is changed as DER and wrapped again.</summary>
internal static class TextMutator
{
    private static readonly string[] Lines =
    [
        "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "-----BEGIN X509 CRL-----", "-----END X509 CRL-----", "-----BEGIN -----", "-----BEGIN", "-----END ----", "", " ", "====", "AAAA", "A",
        "-----BEGIN PUBLIC KEY-----", "-----BEGIN EC PARAMETERS-----", "\t", "\u00e9", "\0",
    ];

    public static byte[] Mutate(Random random, byte[] text, IReadOnlyList<byte[]> donors)
    {
        if (text.Length == 0 || random.Next(10) == 0)
        {
            return ByteMutator.Mutate(random, text);
        }

        List<string> lines = [.. Encoding.Latin1.GetString(text).Split('\n')];
        for (int i = random.Next(1, 4); i > 0 && lines.Count > 0; i--)
        {
            Change(random, lines, donors);
        }

        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }

    private static void Change(Random random, List<string> lines, IReadOnlyList<byte[]> donors)
    {
        int at = random.Next(lines.Count);
        int end = random.Next(at, lines.Count) + 1;
        switch (random.Next(10))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, Lines[random.Next(Lines.Length)]);
                break;
            case 2:
                lines[at] = Lines[random.Next(Lines.Length)];
                break;
            case 3:
                lines.InsertRange(random.Next(lines.Count + 1), lines[at..end]);
                break;
            case 4:
                lines.RemoveRange(at, end - at);
                break;
            case 5:
                lines[at] = Encoding.Latin1.GetString(ByteMutator.Mutate(random, Encoding.Latin1.GetBytes(lines[at]), 2));
                break;
            case 6:
                lines[at] += random.Next(2) == 0 ? "\r" : " ";
                break;
            default:
                Rewrap(random, lines, donors);
                break;
        }
    }

    private static void Rewrap(Random random, List<string> lines, IReadOnlyList<byte[]> donors)
    {
        int begin = lines.FindIndex(random.Next(lines.Count), l => l.StartsWith("-----BEGIN", StringComparison.Ordinal));
        int end = begin < 0 ? -1 : lines.FindIndex(begin, l => l.StartsWith("-----END", StringComparison.Ordinal));
        byte[] der = new byte[end < 0 ? 0 : 100 * (end - begin)];
        if (end < 0 || !Convert.TryFromBase64String(string.Concat(lines[(begin + 1)..end]), der, out int length))
        {
            return;
        }

        string body = Convert.ToBase64String(DerMutator.Mutate(random, der[..length], donors));
        int width = random.Next(8) == 0 ? random.Next(1, 200) : 64;
        lines.RemoveRange(begin + 1, end - begin - 1);
        lines.InsertRange(begin + 1, body.Chunk(width).Select(c => new string(c)));
    }
}
