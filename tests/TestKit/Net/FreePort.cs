using System.Net;
using System.Net.Sockets;

namespace Verifier.TestKit.Net;

/// <summary>
/// Ports that nobody listens on now. They lie below those that the kernel gives to whoever connects, or asks for any port: those could be taken
/// before the one that this is for listens, or while it is down for a restart.
/// </summary>
public static class FreePort
{
    private const int Count = 8000;
    private const int UsualFirstOfKernel = 32768;

    private static readonly int First = FirstOfKernel() - Count;
    private static int _next = Random.Shared.Next(Count);

    /// <summary>One on loopback, another each time.</summary>
    /// <returns>Its number.</returns>
    public static int Next()
    {
        for (int tried = 0; tried < Count; tried++)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Another run of tests has it, or a program of this machine.
            }
        }

        throw new InvalidOperationException("No port is free.");
    }

    private static int FirstOfKernel()
    {
        const string file = "/proc/sys/net/ipv4/ip_local_port_range";
        int first = File.Exists(file) ? int.Parse(File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], System.Globalization.CultureInfo.InvariantCulture) : UsualFirstOfKernel;
        return first > 2 * Count ? first : UsualFirstOfKernel;
    }
}
