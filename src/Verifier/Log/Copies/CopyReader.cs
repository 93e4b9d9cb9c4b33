namespace Verifier.Service.Log.Copies;

/// <summary>A copy is not what an export wrote.</summary>
internal sealed class CopyRefusedException(long line, string rule) : Exception($"line {line}: {rule}");

/// <summary>The lines of a copy, one at a time in memory.</summary>
internal static class CopyReader
{
    // An entry of the greatest length in Base64, and what is around it.
    private const int MaxLine = 24 << 20;

    /// <summary>The lines without their line feeds. Each is valid until the next is asked for.</summary>
    /// <exception cref="CopyRefusedException">A line is too long, or does not end.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Lines(Stream stream)
    {
        byte[] buffer = new byte[64 << 10];
        int begin = 0, end = 0;
        for (long number = 1; ;)
        {
            int length = buffer.AsSpan(begin, end - begin).IndexOf((byte)'\n');
            if (length >= 0)
            {
                yield return buffer.AsMemory(begin, length);
                begin += length + 1;
                number++;
                continue;
            }

            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            (begin, end) = (0, end - begin);
            if (end == buffer.Length)
            {
                if (end >= MaxLine)
                {
                    throw new CopyRefusedException(number, "a line has at most 24 MiB");
                }

                Array.Resize(ref buffer, buffer.Length * 2);
            }

            int read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                if (end > 0)
                {
                    throw new CopyRefusedException(number, "it does not end with a line feed");
                }

                yield break;
            }

            end += read;
        }
    }

    /// <summary>What a copy that was checked holds, in order.</summary>
    public static IEnumerable<CopyItem> Items(Stream stream) => Lines(stream)
        .Select(l => CopyLine.Read(l.Span)!)
        .Where(l => l.Entry is not null || l.Near is not null)
        .Select(l => new CopyItem(l.Entry, l.Near));
}
