using System.Net;
using System.Net.Sockets;

namespace Verifier.TestKit.Net;

/// <summary>
/// A TCP proxy on loopback that misbehaves as a test wishes. Traffic that is cut is held back as packets that are dropped are: nobody is
/// told, and it goes on when the cut heals. Whom a cut concerns goes by the address and port that the other side connects from.
/// </summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private CancellationTokenSource _drop = new();
    private int _open;
    private volatile Func<IPEndPoint, bool> _isCut = _ => false;
    private long _delay;
    private int _accepted;
    private volatile bool _garbage;

    /// <summary>Begins to listen.</summary>
    /// <param name="target">The port on loopback that is reached through it.</param>
    /// <param name="port">Its own port; null takes a free one.</param>
    public FaultyProxy(int target, int? port = null)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, port ?? 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Address for a setting.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>How long each piece of an answer is held back.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delay));
        set => Interlocked.Exchange(ref _delay, value.Ticks);
    }

    /// <summary>Whether answers are replaced by nonsense of the same length.</summary>
    public bool Garbage
    {
        get => _garbage;
        set => _garbage = value;
    }

    /// <summary>How many connections came.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>How many connections are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Holds back everything of those for whom this is true.</summary>
    /// <param name="isCut">By the address and port of who connected.</param>
    public void Cut(Func<IPEndPoint, bool> isCut) => _isCut = isCut;

    /// <summary>Lets everything through again.</summary>
    public void Heal() => _isCut = _ => false;

    /// <summary>Closes every connection.</summary>
    public void Drop() => Interlocked.Exchange(ref _drop, new()).Cancel();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _drop.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                serving.Add(ServeAsync(client));
                serving.RemoveAll(t => t.IsCompleted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient server = new() { NoDelay = true };
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, Volatile.Read(ref _drop).Token);
        Interlocked.Increment(ref _open);
        Task[] pumps = [];
        try
        {
            client.NoDelay = true;
            IPEndPoint from = (IPEndPoint)client.Client.RemoteEndPoint!;
            await HeldAsync(from, end.Token);
            await server.ConnectAsync(IPAddress.Loopback, _target, end.Token);
            pumps =
            [
                PumpAsync(client.GetStream(), server.GetStream(), from, isAnswer: false, end.Token),
                PumpAsync(server.GetStream(), client.GetStream(), from, isAnswer: true, end.Token),
            ];
            await Task.WhenAny(pumps);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // One of the two sides has ended.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            await end.CancelAsync();
            client.Dispose();
            await Task.WhenAll(pumps);
        }
    }

    private async Task PumpAsync(NetworkStream source, NetworkStream sink, IPEndPoint from, bool isAnswer, CancellationToken end)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await source.ReadAsync(buffer, end) is int count and > 0)
            {
                await HeldAsync(from, end);
                if (isAnswer && Delay > TimeSpan.Zero)
                {
                    await Task.Delay(Delay, end);
                }

                if (isAnswer && _garbage)
                {
                    Random.Shared.NextBytes(buffer.AsSpan(0, count));
                }

                await sink.WriteAsync(buffer.AsMemory(0, count), end);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // One of the two sides has ended.
        }
    }

    private async Task HeldAsync(IPEndPoint from, CancellationToken end)
    {
        while (_isCut(from))
        {
            await Task.Delay(5, end);
        }
    }

    private static bool IsEnd(Exception e) => e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;
}
