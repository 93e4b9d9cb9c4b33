using System.Globalization;
using System.Text;

namespace Verifier.Client.Output;

/// <summary>
/// Makes foreign strings harmless on a terminal: whatever is not plainly visible (control characters, line breaks, bidirectional
/// and zero-width marks, lone surrogates) is shown as an escape, and very long strings are cut.
/// </summary>
internal static class SafeText
{
    public const int MaxLength = 2048;

    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        StringBuilder safe = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (safe.Length >= MaxLength)
            {
                return safe.Append("...").ToString();
            }

            if (IsVisible(rune))
            {
                safe.Append(rune);
            }
            else
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
        }

        return safe.ToString();
    }

    private static bool IsVisible(Rune rune) => rune.Value == ' ' || (rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator));
}
