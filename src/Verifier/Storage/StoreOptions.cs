using Verifier.Service.Storage.Redis;

namespace Verifier.Service.Storage;

/// <summary>Section <c>Store</c>. The store is Redis when <c>Store:Redis:Endpoints</c> names one, else the embedded database.</summary>
internal sealed class StoreOptions
{
    public const string Section = "Store";

    /// <summary>Directory of the embedded database; a relative path is taken from the working directory.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>How long a change may wait for the disk of the embedded database. 0.1 to 60 seconds.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many certificates the embedded database keeps. 16 to 1,000,000.</summary>
    public int CertificateCacheEntries { get; set; } = 4096;

    /// <summary>Where and how to reach Redis.</summary>
    public RedisOptions Redis { get; set; } = new();

    public bool UsesRedis => Redis.Endpoints.Count > 0;
}
