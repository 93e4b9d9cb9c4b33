using System.Diagnostics;
using Verifier.TestKit.Net;

namespace Verifier.TestKit.Redis;

/// <summary>A real redis-sentinel process on loopback, with TLS, a user for services that may ask for the primary alone, and an administrator.</summary>
public sealed class RedisSentinel : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("verifier-sentinel-").FullName;
    private Process? _process;

    private RedisSentinel(int port) => Port = port;

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Address for the service's setting.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>Starts one that watches a primary.</summary>
    /// <param name="name">How the primary is called.</param>
    /// <param name="primary">A server, whose certificates and password are used.</param>
    /// <param name="port">Where the primary is reached.</param>
    /// <param name="source">The address from which the sentinel connects.</param>
    /// <returns>The sentinel, ready.</returns>
    public static async Task<RedisSentinel> StartAsync(string name, RedisServer primary, int port, string source)
    {
        ArgumentNullException.ThrowIfNull(primary);
        RedisSentinel sentinel = new(FreePort.Next());
        string file = Path.Combine(sentinel._directory, "sentinel.conf");
        await File.WriteAllLinesAsync(file,
        [
            "bind 127.0.0.1",
            "port 0",
            $"tls-port {sentinel.Port}",
            $"tls-cert-file {primary.Certificates.CertificateFile}",
            $"tls-key-file {primary.Certificates.KeyFile}",
            $"tls-ca-cert-file {primary.Certificates.CaFile}",
            "tls-auth-clients no",
            "tls-replication yes",
            $"bind-source-addr {source}",
            $"dir {sentinel._directory}",
            "sentinel announce-ip 127.0.0.1",
            $"sentinel announce-port {sentinel.Port}",
            $"sentinel monitor {name} 127.0.0.1 {port} 2",
            $"sentinel auth-user {name} {RedisServer.Administrator}",
            $"sentinel auth-pass {name} {primary.Password}",
            $"sentinel down-after-milliseconds {name} 1000",
            $"sentinel failover-timeout {name} 3000",
            $"sentinel parallel-syncs {name} 2",
            $"user {RedisServer.User} on >{primary.Password} resetchannels -@all +sentinel|master +ping +info +hello +auth +client|setname +client|id",
            $"user {RedisServer.Administrator} on >{primary.Password} ~* &* +@all",
            "user default off",
            $"sentinel sentinel-user {RedisServer.Administrator}",
            $"sentinel sentinel-pass {primary.Password}",
        ]);
        sentinel._process = Process.Start(new ProcessStartInfo(RedisServer.Executable!, [file, "--sentinel"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        List<string> told = [];
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        while (await sentinel._process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            told.Add(line);
            if (line.Contains("+monitor master", StringComparison.Ordinal))
            {
                // Whatever it tells later must not fill the pipe.
                _ = sentinel._process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return sentinel;
            }
        }

        await sentinel.DisposeAsync();
        throw new InvalidOperationException("redis-sentinel ended: " + string.Join('\n', told.TakeLast(5)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await TemporaryFolder.DeleteAsync(_directory);
    }
}
