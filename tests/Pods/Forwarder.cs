using System.Net;
using System.Net.Sockets;

namespace Verifier.Pods;

/// <summary>Carries connections to a port of a pod, as <c>kubectl port-forward</c> does.</summary>
internal sealed class Forwarder : IDisposable
{
    private readonly TcpListener _listener;
    private readonly string _address;
    private readonly int _port;

    public Forwarder(int from, string address, int port)
    {
        (_address, _port) = (address, port);
        _listener = new TcpListener(IPAddress.Loopback, from);
        _listener.Start();
        Running = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Task Running { get; }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync();
            _ = CarryAsync(client);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using TcpClient near = client, far = new();
        try
        {
            await far.ConnectAsync(_address, _port);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Either end may go at any time; the other one then sees its connection close.
        }
    }
}
