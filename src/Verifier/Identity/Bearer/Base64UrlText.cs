using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Verifier.Service.Identity.Bearer;

/// <summary>Base64url as RFC 7515 has it: no padding, no spaces, and one way only to write the same bytes.</summary>
internal static class Base64UrlText
{
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.IsEmpty || text.Length % 4 == 1 || !IsAlphabet(text))
        {
            return false;
        }

        byte[] decoded = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, decoded, out _, out int written) != OperationStatus.Done || !text.SequenceEqual(Base64Url.EncodeToString(decoded.AsSpan(0, written))))
        {
            return false;
        }

        bytes = decoded[..written];
        return true;
    }

    private static bool IsAlphabet(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
