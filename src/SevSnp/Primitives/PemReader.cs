using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SevSnp.Primitives;

/// <summary>A PEM text that was refused.</summary>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Rule">The rule that it breaks.</param>
internal sealed record PemFault(int Line, string Rule);

/// <summary>
/// PEM (RFC 7468, strict form): blocks of the named labels one behind the other, lines ended by LF or CRLF, empty lines allowed
/// between blocks, nothing else. The platform's reader skips over text it does not know; here that is a fault.
/// </summary>
/// <param name="text">The text.</param>
/// <param name="labels">The labels that may stand in it.</param>
internal ref struct PemReader(ReadOnlySpan<char> text, params string[] labels)
{
    private const int MaxLineLength = 76;

    private ReadOnlySpan<char> _rest = text;
    private int _line;

    /// <summary>The label of the block, after <see cref="TryNext"/>.</summary>
    public string Label { get; private set; } = "";

    /// <summary>Why reading ended early, or null.</summary>
    public PemFault? Fault { get; private set; }

    /// <summary>Reads the next block.</summary>
    /// <param name="der">Its content.</param>
    /// <returns>False at the end and after a fault.</returns>
    public bool TryNext(out byte[] der)
    {
        der = [];
        ReadOnlySpan<char> line = default;
        while (line.IsEmpty)
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            line = NextLine();
        }

        foreach (string label in labels)
        {
            if (line.SequenceEqual($"-----BEGIN {label}-----"))
            {
                Label = label;
                return TryReadBody($"-----END {label}-----", out der);
            }
        }

        return Fail($"must be the first line of a PEM block, one of {string.Join(", ", labels)}");
    }

    private bool TryReadBody(string end, out byte[] der)
    {
        der = [];
        ReadOnlySpan<char> body = _rest;
        int length = 0;
        while (true)
        {
            if (_rest.IsEmpty)
            {
                return Fail($"the text ends before {end}");
            }

            ReadOnlySpan<char> line = NextLine();
            if (line.SequenceEqual(end))
            {
                break;
            }

            if (line.IsEmpty || line.Length > MaxLineLength || line.IndexOfAny(" \t\r\v\f") >= 0)
            {
                return Fail($"must be base64 of 1 to {MaxLineLength} characters, or {end}");
            }

            length += line.Length;
        }

        // As bytes, because the platform decodes those many at a time, and characters one after the other.
        byte[] joined = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return (TryJoin(body, joined.AsSpan(0, length)) && TryDecode(joined.AsSpan(0, length), out der)) || Fail("the block that ends here is not base64");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    // As many characters of the lines as there is room for; false where one is not ASCII.
    private static bool TryJoin(ReadOnlySpan<char> lines, Span<byte> room)
    {
        while (!room.IsEmpty)
        {
            int end = lines.IndexOf('\n');
            ReadOnlySpan<char> line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            line = line.EndsWith("\r") ? line[..^1] : line;
            if (Ascii.FromUtf16(line, room, out int written) != OperationStatus.Done)
            {
                return false;
            }

            room = room[written..];
        }

        return true;
    }

    private static bool TryDecode(ReadOnlySpan<byte> base64, out byte[] der)
    {
        bool isValid = Base64.IsValid(base64, out int size);
        der = isValid ? new byte[size] : [];
        return isValid && Base64.DecodeFromUtf8(base64, der, out _, out int written) == OperationStatus.Done && written == size;
    }

    private ReadOnlySpan<char> NextLine()
    {
        _line++;
        int end = _rest.IndexOf('\n');
        ReadOnlySpan<char> line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return line.EndsWith("\r") ? line[..^1] : line;
    }

    private bool Fail(string rule)
    {
        Fault = new PemFault(_line, rule);
        _rest = default;
        return false;
    }
}
