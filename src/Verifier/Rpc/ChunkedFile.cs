using Google.Protobuf;
using Grpc.Core;
using Verifier.Service.Registry.Files;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Rpc.Mapping;

namespace Verifier.Service.Rpc;

/// <summary>A file that comes in pieces, each in a field of a message.</summary>
/// <param name="field">Name of the field.</param>
/// <param name="limit">Most bytes of the file.</param>
internal sealed class ChunkedFile(string field, int limit)
{
    /// <summary>The largest chunk and what surrounds it.</summary>
    public const int MaxMessageBytes = LargestChunk + 1024;

    private const int LargestChunk = 1 << 20;
    private const int SmallestChunk = 64 << 10;

    private readonly FileBuffer _buffer = new(limit);
    private bool _isLast;

    public int Length => _buffer.Length;

    public ReadOnlyMemory<byte> Content => _buffer.Content;

    public void Add(ByteString chunk)
    {
        if (_isLast || chunk.Length is 0 or > LargestChunk)
        {
            throw FileErrors.Chunk(field, ViolationReasons.WrongLength, $"must be {SmallestChunk} to {LargestChunk} bytes long, fewer only in the last message");
        }

        _isLast = chunk.Length < SmallestChunk;
        if (!_buffer.TryAdd(chunk.Span))
        {
            throw FileErrors.TooLarge(limit);
        }
    }

    /// <summary>Waits for the next message. A caller that goes away in mid-stream shows as a broken stream, perhaps before it shows as a cancelled call.</summary>
    public static async Task<bool> NextAsync<T>(IAsyncStreamReader<T> stream, CancellationToken cancellation)
    {
        try
        {
            return await stream.MoveNext(cancellation);
        }
        catch (IOException)
        {
            throw RpcErrors.Plain(StatusCode.Cancelled, ErrorReasons.Cancelled, "the caller cancelled");
        }
    }
}
