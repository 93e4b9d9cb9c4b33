using System.Diagnostics;
using System.Security.Cryptography;
using Verifier.TestKit.Net;

namespace Verifier.TestKit.Redis;

/// <summary>
/// A real redis-server process on loopback with its data in a directory of its own: TLS, two ACL users (the service's, with the
/// rights that docs/store.md names and no more, and an administrator's) and the append-only file synced at each write. It can be
/// stopped, killed and started again on the same port with the same data.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly string _directory;
    private readonly RedisServerSetup _setup;
    private Process? _process;

    private RedisServer(RedisServerSetup setup)
    {
        _setup = setup;
        Password = setup.Password ?? RandomNumberGenerator.GetHexString(32, lowercase: true);
        _directory = Directory.CreateTempSubdirectory("verifier-redis-").FullName;
        Certificates = setup.Certificates ?? RedisCertificates.Create(_directory);
        File.WriteAllText(PasswordFile, Password + "\n");
        using ECDsa logKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(LogKeyFile, logKey.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>True when there is a redis-server on this machine. <c>Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason)</c>.</summary>
    public static bool IsPresent => Executable is not null;

    /// <summary>What a skipped test says.</summary>
    public static string SkipReason => "SKIPPED, NOT PASSED: there is no redis-server in PATH. Install it (Debian: apt-get install redis-server).";

    /// <summary>Name of the service's user.</summary>
    public static string User => "verifier";

    /// <summary>Name of the administrator.</summary>
    public static string Administrator => "admin";

    /// <summary>The password of both users.</summary>
    public string Password { get; }

    /// <summary>A file with <see cref="Password"/>.</summary>
    public string PasswordFile => Path.Combine(_directory, "password");

    /// <summary>A file with a key of the log, for every service that shares this server.</summary>
    public string LogKeyFile => Path.Combine(_directory, "log-key.pem");

    /// <summary>The certificates of the server.</summary>
    public RedisCertificates Certificates { get; }

    /// <summary>The port, the same after each restart.</summary>
    public int Port { get; private set; }

    /// <summary>Address for the service's setting.</summary>
    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>What the environment of the process holds besides, from the next start on.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; set; } = new Dictionary<string, string>();

    /// <summary>Where the data is.</summary>
    public string DataDirectory => _directory;

    internal static string? Executable { get; } = (System.Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(d => Path.Combine(d, "redis-server"))
        .FirstOrDefault(File.Exists);

    /// <summary>Starts a server.</summary>
    /// <param name="setup">What differs from a server that is fit.</param>
    /// <param name="port">Its port; null takes a free one.</param>
    /// <returns>The server, ready.</returns>
    public static async Task<RedisServer> StartAsync(RedisServerSetup? setup = null, int? port = null)
    {
        RedisServer server = new(setup ?? new());
        try
        {
            for (int tried = 0; ; tried++)
            {
                server.Port = port ?? FreePort.Next();
                try
                {
                    await server.StartAgainAsync();
                    return server;
                }
                catch (InvalidOperationException e) when (port is null && tried < 5 && e.Message.Contains("already in use", StringComparison.Ordinal))
                {
                    // Somebody else has got it meanwhile.
                }
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process after <see cref="KillAsync"/>, and does what docs/store.md tells an operator where its file ends within a transaction.</summary>
    /// <param name="extra">Lines of the configuration that come last, and so count.</param>
    /// <returns>When it answers.</returns>
    public async Task StartAgainAsync(params string[] extra)
    {
        try
        {
            await StartAsItIsAsync(extra);
        }
        catch (InvalidOperationException e) when (e.Message.Contains("Unexpected end of file", StringComparison.Ordinal))
        {
            await RepairAsync();
            await StartAsItIsAsync(extra);
        }
    }

    /// <summary>Starts the process with the file that there is.</summary>
    /// <param name="extra">Lines of the configuration that come last, and so count.</param>
    /// <returns>When it answers.</returns>
    public async Task StartAsItIsAsync(params string[] extra)
    {
        string file = Path.Combine(_directory, "redis.conf");
        await File.WriteAllLinesAsync(file, [.. _setup.Lines(Port, _directory, Certificates, Password), .. extra]);
        ProcessStartInfo start = new(Executable!, [file]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start.");
        List<string> told = [];
        using CancellationTokenSource limit = new(StartLimit);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            told.Add(line);
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                // Whatever it tells later must not fill the pipe.
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return;
            }
        }

        throw new InvalidOperationException("redis-server ended: " + string.Join('\n', told.TakeLast(5)));
    }

    /// <summary>Takes the end of the append-only file away, as a kill or a loss of power does with what was being written.</summary>
    /// <param name="bytes">How many bytes.</param>
    /// <returns>When that is done.</returns>
    public async Task CutAsync(int bytes)
    {
        await using FileStream file = File.OpenWrite(Directory.GetFiles(Path.Combine(_directory, "appendonlydir"), "*.incr.aof").Single());
        file.SetLength(file.Length - bytes);
    }

    /// <summary>What an operator does when Redis does not start since its append-only file has no end: cuts it back to the last whole transaction.</summary>
    /// <returns>When that is done.</returns>
    public async Task RepairAsync()
    {
        ProcessStartInfo start = new("redis-check-aof", ["--fix", Path.Combine(_directory, "appendonlydir", "appendonly.aof.manifest")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process check = Process.Start(start)!;
        await check.StandardInput.WriteLineAsync("y");
        check.StandardInput.Close();
        string told = await check.StandardOutput.ReadToEndAsync();
        await check.WaitForExitAsync();
        if (check.ExitCode != 0)
        {
            throw new InvalidOperationException("redis-check-aof: " + told);
        }
    }

    /// <summary>Bytes that the process has allocated, by INFO memory through redis-cli.</summary>
    /// <returns>The bytes.</returns>
    public async Task<long> UsedMemoryAsync()
    {
        string told = await CommandAsync("INFO", "memory");
        const string member = "used_memory:";
        string line = told.Split('\n').First(l => l.StartsWith(member, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(member.Length).Trim(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A command of the administrator through redis-cli.</summary>
    /// <param name="words">The command, or arguments of redis-cli before it.</param>
    /// <returns>What redis-cli printed.</returns>
    public async Task<string> CommandAsync(params string[] words)
    {
        ProcessStartInfo start = new("redis-cli", ["--tls", "--cacert", Certificates.CaFile, "-h", "127.0.0.1", "-p", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--user", Administrator, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REDISCLI_AUTH"] = Password;
        using Process cli = Process.Start(start)!;
        Task<string> errors = cli.StandardError.ReadToEndAsync();
        string told = await cli.StandardOutput.ReadToEndAsync();
        await cli.WaitForExitAsync();
        return told + await errors;
    }

    /// <summary>SIGKILL: no chance to write anything more.</summary>
    /// <returns>When the process has ended.</returns>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>SIGSTOP: accepts connections and never answers.</summary>
    public void Stop() => Signal("-STOP");

    /// <summary>SIGCONT.</summary>
    public void Continue() => Signal("-CONT");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await TemporaryFolder.DeleteAsync(_directory);
    }

    private void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [signal, _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
