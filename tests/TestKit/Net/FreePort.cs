using System.Net;
using System.Net.Sockets;

namespace Verifier.TestKit.Net;

/// <summary>Ports that nobody listens on now.</summary>
public static class FreePort
{
    /// <summary>One on loopback.</summary>
    /// <returns>Its number.</returns>
    public static int Next()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
