using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Verifier.Tests.Rpc;

/// <summary>A connection of HTTP/2 that sends what no library would. Answers are read and dropped.</summary>
internal sealed class RawHttp2 : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private RawHttp2(TcpClient client)
    {
        (_client, _stream) = (client, client.GetStream());
        _reading = DrainAsync();
    }

    /// <summary>Ends when the server closes the connection.</summary>
    public Task Closed => _reading;

    /// <summary>Ends when the first bytes of the server have come.</summary>
    public Task Served => _served.Task;

    /// <summary>Null if the server closed the connection so early that not even connecting has succeeded.</summary>
    public static async Task<RawHttp2?> TryOpenAsync(Uri address)
    {
        try
        {
            return await OpenAsync(address);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            return null;
        }
    }

    public static async Task<RawHttp2> OpenAsync(Uri address)
    {
        TcpClient client = new();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        RawHttp2 raw = new(client);
        await raw.TrySendAsync([.. Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), .. Frame(4, 0, 0, [])]);
        return raw;
    }

    public static byte[] Ping() => Frame(6, 0, 0, new byte[8]);

    public static byte[] Settings() => Frame(4, 0, 0, [0, 3, 0, 0, 0, 100]);

    public static byte[] Reset(int stream) => Frame(3, 0, stream, [0, 0, 0, 8]);

    public static byte[] Continuation(int stream, int length) => Frame(9, 0, stream, new byte[length]);

    /// <summary>The beginning of a Verify.</summary>
    public static byte[] Headers(int stream, bool isWhole) =>
        Frame(1, (byte)(isWhole ? 4 : 0), stream, [0x83, 0x86, 0x04, .. Text("/verifier.v1.VerifierService/Verify"), 0x01, .. Text("localhost"), 0x0F, 0x10, .. Text("application/grpc"), 0x00, .. Text("te"), .. Text("trailers")]);

    /// <summary>False once the server has closed the connection.</summary>
    public async Task<bool> TrySendAsync(byte[] bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
            return !_reading.IsCompleted;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        byte[] frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    private async Task DrainAsync()
    {
        byte[] dropped = new byte[65536];
        try
        {
            while (await _stream.ReadAsync(dropped, CancellationToken.None) > 0)
            {
                _served.TrySetResult();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Closed, one way or the other.
        }
    }
}
