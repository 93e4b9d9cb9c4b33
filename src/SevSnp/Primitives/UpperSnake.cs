using System.Text;

namespace SevSnp.Primitives;

/// <summary>Turns the names of members into the names used in answers and documents.</summary>
internal static class UpperSnake
{
    /// <summary>For example <c>GpaUnaligned</c> becomes <c>GPA_UNALIGNED</c>.</summary>
    public static string Of(string name)
    {
        StringBuilder text = new();
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToUpperInvariant(c));
        }

        return text.ToString();
    }
}
