using System.Net;

namespace Verifier.Service.Hosting;

/// <summary>Whether a request names this machine, where only this machine can ask.</summary>
internal static class OwnHost
{
    /// <summary>
    /// True but for plaintext on loopback under another name: one that leads to loopback by a trick of somebody else's name server would make
    /// their page, in a browser here, one of this machine.
    /// </summary>
    public static bool IsNamedBy(HttpContext context) =>
        context.Request.IsHttps
        || context.Connection.LocalIpAddress is not { } local
        || !IPAddress.IsLoopback(local)
        || string.Equals(context.Request.Host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(context.Request.Host.Host.Trim('[', ']'), out IPAddress? host) && IPAddress.IsLoopback(host));
}
