namespace Verifier.Service.Registry.Files;

/// <summary>Collects a file in memory. Grows with what has come, not with what was announced, and never above its limit.</summary>
internal sealed class FileBuffer(int limit)
{
    private const int First = 1 << 20;

    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, Length);

    /// <summary>Adds bytes, or tells that the file would be too large.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > limit - Length)
        {
            return false;
        }

        int needed = Length + bytes.Length;
        if (needed > _bytes.Length)
        {
            int doubled = (int)Math.Min(limit, Math.Max(First, 2L * _bytes.Length));
            Array.Resize(ref _bytes, Math.Max(needed, doubled));
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length = needed;
        return true;
    }
}
