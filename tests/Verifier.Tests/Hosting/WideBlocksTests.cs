using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
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
        int before = wire.Count;
        VerifyResponse answer = await client.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);

        // More than a block of the server's own holds, and no more than a record may.
        Assert.InRange(answer.CalculateSize(), 5 * 1024, 16 * 1024);
        Assert.Single(Records([.. wire.Skip(before)]), r => r > 1024);
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

    // Lengths of what TLS sent (RFC 8446, section 5.1): type, version, two bytes of length.
    private static IEnumerable<int> Records(byte[] wire)
    {
        for (int at = 0; at < wire.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(wire.AsSpan(at + 3));
            yield return length;
            at += 5 + length;
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
            wire.AddRange(buffer.Span[..count]);
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
