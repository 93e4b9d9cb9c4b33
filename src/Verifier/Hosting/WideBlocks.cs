using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Verifier.Service.Hosting;

/// <summary>
/// Blocks of memory that connections read into and write from. The server's own are of 4 KiB, and TLS sends each in a record and a call of the kernel of
/// its own: an answer with its checks and a signed result took three of them, and its request as many to read.
/// </summary>
internal sealed class WideBlocks : IMemoryPoolFactory<byte>
{
    /// <summary>What a block holds at least: an answer and its trailers, and more than one TLS record may.</summary>
    public const int Length = 32 * 1024;

    // 32 MiB. The pool that the runtime shares keeps 32 for each core: under overload more are out, and the others came and went with the garbage.
    private const int Kept = 1024;

    private static readonly ArrayPool<byte> Arrays = ArrayPool<byte>.Create(Length, Kept);

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        public override int MaxBufferSize => Array.MaxLength;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Block(Math.Max(minBufferSize, Length));

        protected override void Dispose(bool disposing)
        {
            // Nothing is held here.
        }
    }

    private sealed class Block(int length) : IMemoryOwner<byte>
    {
        private byte[]? _array = Arrays.Rent(length);

        public Memory<byte> Memory => _array ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            // An array that is given back twice would be lent to two connections.
            if (Interlocked.Exchange(ref _array, null) is { } array)
            {
                Arrays.Return(array);
            }
        }
    }
}
