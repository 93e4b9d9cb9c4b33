namespace Verifier.Service.Storage.Redis;

/// <summary>Section <c>Store:Redis</c>.</summary>
internal sealed class RedisOptions
{
    /// <summary><c>host:port</c> of each node that may be asked first. Empty: Redis is not used.</summary>
    public IList<string> Endpoints { get; set; } = [];

    /// <summary>Name of the primary among Sentinel's. Not empty: <see cref="Endpoints"/> are sentinels.</summary>
    public string SentinelPrimary { get; set; } = "";

    /// <summary>ACL user of the sentinels. Empty: their default user.</summary>
    public string SentinelUser { get; set; } = "";

    /// <summary>File with the password of the sentinels; empty: they ask for none.</summary>
    public string SentinelPasswordFile { get; set; } = "";

    /// <summary>How many replicas there are: each change must be on that many. 0 to 16; not set: as many as were ever seen.</summary>
    public int? Replicas { get; set; }

    /// <summary>The id that Redis must have: 32 hexadecimal digits. Empty: the first one seen is remembered.</summary>
    public string RegistryId { get; set; } = "";

    /// <summary>ACL user. Empty: Redis's default user.</summary>
    public string User { get; set; } = "";

    /// <summary>File with the password; one line end after it is ignored.</summary>
    public string PasswordFile { get; set; } = "";

    public RedisTlsOptions Tls { get; set; } = new();

    /// <summary>Beginning of every key, 1 to 64 of <c>[A-Za-z0-9:._-]</c>.</summary>
    public string KeyPrefix { get; set; } = "verifier:";

    /// <summary>Longest time one call waits for Redis. 0.05 to 5 seconds.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Longest time to set up a connection. 0.1 to 30 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How durable Redis must be, or is said to be: one of the words of <see cref="RedisDurability"/>.</summary>
    public string Durability { get; set; } = RedisDurability.Always;

    /// <summary>Allows a connection without TLS off loopback.</summary>
    public bool UnsafePlaintext { get; set; }

    /// <summary>Allows a connection without a password off loopback.</summary>
    public bool UnsafeNoAuthentication { get; set; }
}

/// <summary>Section <c>Store:Redis:Tls</c>.</summary>
internal sealed class RedisTlsOptions
{
    public bool Enabled { get; set; }

    /// <summary>PEM file with the only authorities that may vouch for Redis. Empty: those of the system.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Name that Redis's certificate must have. Empty: the host of the endpoint.</summary>
    public string Host { get; set; } = "";
}

/// <summary>What is demanded of Redis before it may hold trust.</summary>
internal static class RedisDurability
{
    /// <summary><c>appendfsync always</c>: what was acknowledged survives a loss of power.</summary>
    public const string Always = "always";

    /// <summary><c>appendfsync everysec</c>: a loss of power may undo the last second, revocations too.</summary>
    public const string EverySecond = "everysec";

    /// <summary>Not checked, for services that refuse CONFIG GET: the operator vouches for it.</summary>
    public const string DeclaredByOperator = "declared-by-operator";

    public static IReadOnlyList<string> Words { get; } = [Always, EverySecond, DeclaredByOperator];
}
