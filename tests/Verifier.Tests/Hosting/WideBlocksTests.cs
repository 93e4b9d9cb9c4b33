using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Net.Client;
using Verifier.Contracts.V1;
using Verifier.Service.Hosting;
using Verifier.Tests.Rpc;

namespace Verifier.Tests.Hosting;

public sealed class WideBlocksTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answer_LeavesInOneRecord()
    {
        string folder = Directory.CreateTempSubdirectory("verifier-tls-").FullName;
        (string certificate, string key, string thumbprint) = ListenerTests.WriteCertificate(folder);
        await using TestService service = await TestService.StartAsync([$"--Server:Tls:CertificateFile={certificate}", $"--Server:Tls:KeyFile={key}"]);
        List<byte> wire = [];
        using SocketsHttpHandler handler = new()
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == thumbprint },
            ConnectCallback = async (context, cancellation) =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new ListeningStream(new NetworkStream(socket, ownsSocket: true), wire);
            },
        };
        VerifierService.VerifierServiceClient client = new(service.Channel(options: new GrpcChannelOptions { HttpHandler = handler }));

        // The first one shares the wire with the handshake and the settings of HTTP/2.
        await client.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);
        int before = LongRecords(wire);
        VerifyResponse answer = await client.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);

        // More than a block of the server's own holds, and no more than a record may.
        Assert.InRange(answer.CalculateSize(), 5 * 1024, 16 * 1024);
        Assert.Equal(1, LongRecords(wire) - before);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(-1, WideBlocks.Length)]
    [InlineData(0, WideBlocks.Length)]
    [InlineData(WideBlocks.Length, WideBlocks.Length)]
    [InlineData(WideBlocks.Length + 1, WideBlocks.Length + 1)]
    public void Block_HoldsWhatIsAskedFor(int asked, int least)
    {
        using MemoryPool<byte> pool = new WideBlocks().Create();
        using IMemoryOwner<byte> block = pool.Rent(asked);

        Assert.InRange(block.Memory.Length, least, pool.MaxBufferSize);
    }

    [Fact]
    public void Block_GivenBackTwice_IsLentToOne()
    {
        using MemoryPool<byte> pool = new WideBlocks().Create();
        IMemoryOwner<byte> block = pool.Rent();
        block.Dispose();
        block.Dispose();

        Assert.Throws<ObjectDisposedException>(() => block.Memory);
        using IMemoryOwner<byte> one = pool.Rent(), other = pool.Rent();
        one.Memory.Span.Clear();
        other.Memory.Span.Fill(1);
        Assert.False(one.Memory.Span.Contains((byte)1));
    }

    /// <summary>The blocks of a crowd are lent again: where they are made anew each time, ten minutes of overload let the service grow by 85 MiB.</summary>
    [Fact]
    public void BlocksOfACrowd_AreLentAgain()
    {
        const int crowd = 1000;
        using MemoryPool<byte> pool = new WideBlocks().Create();
        HashSet<byte[]> first = LendAll();

        // Services of other tests have some meanwhile.
        first.IntersectWith(LendAll());
        Assert.InRange(first.Count, crowd * 9 / 10, crowd);

        HashSet<byte[]> LendAll()
        {
            IMemoryOwner<byte>[] blocks = [.. Enumerable.Range(0, crowd).Select(_ => pool.Rent())];
            HashSet<byte[]> arrays = [.. blocks.Select(b => MemoryMarshal.TryGetArray(b.Memory, out ArraySegment<byte> array) ? array.Array! : throw new InvalidOperationException("A block is an array."))];
            Array.ForEach(blocks, b => b.Dispose());
            return arrays;
        }
    }

    // Those that carry an answer, and not what HTTP/2 says of itself. RFC 8446, section 5.1: type, version, two bytes of length.
    private static int LongRecords(List<byte> wire)
    {
        lock (wire)
        {
            int count = 0;
            for (int at = 0; at + 5 <= wire.Count;)
            {
                int length = (wire[at + 3] << 8) | wire[at + 4];
                count += length > 1024 ? 1 : 0;
                at += 5 + length;
            }

            return count;
        }
    }

    // What is read passes by as it came, before TLS opens it.
    private sealed class ListeningStream(Stream inner, List<byte> wire) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await inner.ReadAsync(buffer, cancellationToken);
            lock (wire)
            {
                wire.AddRange(buffer.Span[..count]);
            }

            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
