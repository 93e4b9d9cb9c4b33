using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Verifier.TestKit.Redis;

/// <summary>
/// Something on loopback that speaks just enough of Redis's protocol to be taken for a fit one, and then answers as a test wishes:
/// with an error, with nonsense, or not at all. Holds no data.
/// </summary>
public sealed class ScriptedRedis : IAsyncDisposable
{
    private static readonly HashSet<string> DataCommands =
        ["GET", "MGET", "SET", "SETEX", "PSETEX", "HGET", "HMGET", "HLEN", "SMEMBERS", "ZSCORE", "ZRANGE", "ZRANGEBYLEX", "LLEN", "LRANGE", "UNLINK"];

    private const string HistoryId = "6b1fd1e7a4f04c6d9a3a2f0e5d8c7b9a01234567";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <summary>Begins to listen.</summary>
    public ScriptedRedis()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Address for the service's setting.</summary>
    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    /// <summary>What commands on data are answered with, byte for byte. Null: as an empty Redis would.</summary>
    public string? Answer { get; set; }

    /// <summary>How many commands on data were heard.</summary>
    public int Heard { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private static async Task<string[]?> ReadCommandAsync(StreamReader reader)
    {
        if (await reader.ReadLineAsync() is not ['*', .. var count])
        {
            return null;
        }

        string[] words = new string[int.Parse(count, CultureInfo.InvariantCulture)];
        for (int i = 0; i < words.Length; i++)
        {
            string length = await reader.ReadLineAsync() ?? "$0";
            char[] word = new char[int.Parse(length.AsSpan(1), CultureInfo.InvariantCulture) + 2];
            await reader.ReadBlockAsync(word);
            words[i] = new string(word, 0, word.Length - 2);
        }

        return words;
    }

    private static string Bulk(string text) => string.Create(CultureInfo.InvariantCulture, $"${text.Length}\r\n{text}\r\n");

    private static string Setting(string name) =>
        "*2\r\n" + Bulk(name) + Bulk(name switch { "maxmemory-policy" => "noeviction", "appendonly" => "yes", "appendfsync" => "always", _ => "no" });

    private static string Empty(string command) => command switch
    {
        "HGET" or "GET" or "ZSCORE" => "$-1\r\n",
        "LLEN" or "HLEN" or "UNLINK" => ":0\r\n",
        "HMGET" => "*1\r\n$-1\r\n",
        _ => "*0\r\n",
    };

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        await using (_stop.Token.Register(client.Close))
        {
            try
            {
                using StreamReader reader = new(client.GetStream(), Encoding.Latin1);
                List<string>? queued = null;
                while (await ReadCommandAsync(reader) is { } words)
                {
                    await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(Reply(words, ref queued)), _stop.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or FormatException or InvalidOperationException)
            {
                // The other side is gone, or the test is over.
            }
        }
    }

    private string Reply(string[] words, ref List<string>? queued)
    {
        string command = words[0].ToUpperInvariant();
        switch (command)
        {
            case "MULTI":
                queued = [];
                return "+OK\r\n";
            case "EXEC":
                string results = queued is null || queued.Contains("")
                    ? "-EXECABORT Transaction discarded because of previous errors.\r\n"
                    : string.Create(CultureInfo.InvariantCulture, $"*{queued.Count}\r\n{string.Concat(queued)}");
                queued = null;
                return results;
        }

        bool data = DataCommands.Contains(command);
        Heard += data ? 1 : 0;
        if (data && Answer is { } answer)
        {
            // As Redis does it: a command that is refused while it is queued spoils the transaction.
            queued?.Add("");
            return answer;
        }

        if (queued is not null)
        {
            queued.Add(data ? Empty(command) : ":0\r\n");
            return "+QUEUED\r\n";
        }

        if (data)
        {
            return Empty(command);
        }

        return (command, words.ElementAtOrDefault(1)?.ToUpperInvariant()) switch
        {
            ("PING", _) => "+PONG\r\n",
            ("ECHO", _) => Bulk(words[1]),
            ("EXISTS", _) => ":0\r\n",
            ("CONFIG", _) => Setting(words[2]),
            ("INFO", _) => Bulk($"redis_version:7.0.15\r\nrole:master\r\nconnected_slaves:0\r\nmaster_replid:{HistoryId}\r\nmaster_repl_offset:0\r\n"),
            ("CLIENT", "ID") => ":1\r\n",
            ("CLUSTER", _) => "-ERR This instance has cluster support disabled\r\n",
            ("HELLO", _) => "-ERR unknown command\r\n",
            _ => "+OK\r\n",
        };
    }
}
