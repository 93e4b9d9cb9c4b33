using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Verifier.Service.Admission;

namespace Verifier.Service.Hosting;

/// <summary>
/// From where connections come, and how many from each place: one address cannot take all that the listener has (T99). Of IPv6 the first
/// 64 bits count, since whoever has one address there has all of that network.
/// </summary>
internal sealed class ConnectionPeers(int mostPerAddress, AdmissionMetrics metrics)
{
    private const string Unknown = "unknown";

    private readonly Tally<string> _connections = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>The address behind a call, as a name.</summary>
    public static string AddressOf(HttpContext context) => context.Features.Get<Peer>()?.Address ?? Name(context.Connection.RemoteIpAddress);

    /// <summary>Stands before TLS, so that what is refused costs no handshake.</summary>
    public void Guard(ListenOptions listen) => listen.Use(next => connection => ServeAsync(connection, next));

    public static string Name(IPAddress? address)
    {
        if (address is null)
        {
            return Unknown;
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        byte[] bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return $"{new IPAddress(bytes)}/64";
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        string address = Name((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!TryAdd(address))
        {
            metrics.ConnectionRefused();
            connection.Abort(new ConnectionAbortedException("The address has as many connections as one may have."));
            return;
        }

        try
        {
            connection.Features.Set(new Peer(address));
            await next(connection);
        }
        finally
        {
            Remove(address);
        }
    }

    private bool TryAdd(string address)
    {
        lock (_lock)
        {
            if (_connections.Of(address) >= mostPerAddress)
            {
                return false;
            }

            _connections.Change(address, 1);
            return true;
        }
    }

    private void Remove(string address)
    {
        lock (_lock)
        {
            _connections.Change(address, -1);
        }
    }

    private sealed record Peer(string Address);
}
