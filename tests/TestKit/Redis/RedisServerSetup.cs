using System.Globalization;

namespace Verifier.TestKit.Redis;

/// <summary>How a <see cref="RedisServer"/> is set up. The default is fit to hold reference values.</summary>
public sealed record RedisServerSetup
{
    /// <summary>
    /// The rights of the service's user, as docs/store.md names them: what the store sends, and what its client sends to find its way.
    /// </summary>
    public const string ServiceRights =
        "resetkeys ~verifier:* resetchannels -@all "
        + "+get +mget +set +setex +psetex +unlink +exists +hget +hmget +hgetall +hset +hsetnx +hincrby +hdel +hlen +sadd +smembers +zadd +zscore +zrange +zrangebylex +zrem +zremrangebyscore +zcard +expire +rpush +llen +lrange "
        + "+watch +unwatch +multi +exec +discard +ping +echo +hello +auth +select +info +config|get +client|setname +client|id +wait +asking +cluster|nodes +cluster|slots +acl|dryrun";

    /// <summary>Value of <c>appendonly</c>.</summary>
    public string AppendOnly { get; init; } = "yes";

    /// <summary>Value of <c>appendfsync</c>.</summary>
    public string AppendFsync { get; init; } = "always";

    /// <summary>
    /// Value of <c>aof-load-truncated</c>. With Redis's own default, <c>yes</c>, a kill or a loss of power within a transaction leaves the
    /// beginning of that transaction in the file, and the start after the next carries it out.
    /// </summary>
    public string AofLoadTruncated { get; init; } = "no";

    /// <summary>Value of <c>maxmemory-policy</c>.</summary>
    public string Eviction { get; init; } = "noeviction";

    /// <summary>
    /// The default user: cannot log in, but has rights. Redis 7.0 reads the append-only file back as this user, and drops each
    /// transaction it has no right to.
    /// </summary>
    public string DefaultUser { get; init; } = "off ~* &* +@all";

    /// <summary>Rights of the service's user.</summary>
    public string Rights { get; init; } = ServiceRights;

    /// <summary>The password of both users; null makes one of 32 random digits.</summary>
    public string? Password { get; init; }

    /// <summary>The certificates; null makes an authority of its own. Servers that belong together share one, and the password.</summary>
    public RedisCertificates? Certificates { get; init; }

    /// <summary>Lines beyond these: replication, cluster, and what a test is about.</summary>
    public IReadOnlyList<string> Extra { get; init; } = [];

    internal IEnumerable<string> Lines(int port, string directory, RedisCertificates certificates, string password) =>
    [
        "bind 127.0.0.1",
        "port 0",
        string.Create(CultureInfo.InvariantCulture, $"tls-port {port}"),
        $"tls-cert-file {certificates.CertificateFile}",
        $"tls-key-file {certificates.KeyFile}",
        $"tls-ca-cert-file {certificates.CaFile}",
        "tls-auth-clients no",
        $"dir {directory}",
        "save \"\"",
        $"appendonly {AppendOnly}",
        $"appendfsync {AppendFsync}",
        $"aof-load-truncated {AofLoadTruncated}",
        $"maxmemory-policy {Eviction}",
        $"user default {DefaultUser}",
        $"user {RedisServer.User} on >{password} {Rights}",
        $"user {RedisServer.Administrator} on >{password} ~* &* +@all",
        "tls-replication yes",
        $"masteruser {RedisServer.Administrator}",
        $"masterauth {password}",
        .. Extra,
    ];
}
