using System.Globalization;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>Which process has a TCP socket, as the kernel tells it in /proc.</summary>
internal static class SocketOwner
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>The process with an open connection from this local port; 0 when there is none.</summary>
    public static int Of(int port)
    {
        string end = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        string[] sockets =
        [
            .. Tables.Where(File.Exists).SelectMany(File.ReadAllLines).Skip(1)
                .Select(l => l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .Where(m => m.Length > 9 && m[1].EndsWith(end, StringComparison.Ordinal))
                .Select(m => $"socket:[{m[9]}]"),
        ];
        return Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(n => n!.All(char.IsAsciiDigit))
            .Select(n => int.Parse(n!, CultureInfo.InvariantCulture)).FirstOrDefault(id => Holds(id, sockets));
    }

    private static bool Holds(int process, string[] sockets)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd").Any(f => new FileInfo(f).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is somebody else's.
            return false;
        }
    }
}
