namespace Verifier.Service.Kds;

/// <summary>Section <c>Kds</c> of the configuration: how AMD's key distribution service is reached.</summary>
internal sealed class KdsOptions
{
    public const string Section = "Kds";

    /// <summary>Where the service, or a mirror of it, is. HTTPS, unless on loopback or <see cref="UnsafePlaintext"/>. A path is allowed, a query is not.</summary>
    public string BaseUrl { get; set; } = "https://kdsintf.amd.com";

    /// <summary>Online, or offline: then nothing is ever asked, and only evidence and caches are used.</summary>
    public KdsMode Mode { get; set; } = KdsMode.Online;

    /// <summary>HTTP proxy, for example <c>http://proxy.internal:3128</c>; null connects directly. The environment's proxy variables are not read.</summary>
    public string? Proxy { get; set; }

    /// <summary>PEM file with the authorities trusted for TLS to <see cref="BaseUrl"/> instead of the system's; for mirrors.</summary>
    public string? CaFile { get; set; }

    /// <summary>Allows plain HTTP off loopback. Certificates are verified all the same; what is asked for can then be seen and withheld.</summary>
    public bool UnsafePlaintext { get; set; }

    /// <summary>Time to connect. Default 1 s, from 50 ms to 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Time for one fetch with its repeats and the whole body. Default 3 s, from 100 ms to 30 s, not below <see cref="ConnectTimeout"/>.</summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Longest wait for a revocation list that is merely preferred. Default 1 s, up to 30 s.</summary>
    public TimeSpan RevocationWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Verified answers kept in memory. Default 4096, from 16 to 1,000,000; one takes about 10 KiB.</summary>
    public int MemoryEntries { get; set; } = 4096;

    /// <summary>Different unknown chips that may be looked for at one time; more are told to come back. Default 64, from 1 to 10,000.</summary>
    public int MaxPendingChips { get; set; } = 64;

    /// <summary>Of those, how many of one tenant. Default 48, from 1 to 10,000.</summary>
    public int MaxPendingChipsPerTenant { get; set; } = 48;

    /// <summary>Of those, how many of one caller in one tenant. Default 32, from 1 to 10,000.</summary>
    public int MaxPendingChipsPerCaller { get; set; } = 32;

    /// <summary>
    /// Time between two requests for VCEKs, over all chips and all instances that share a store, as AMD throttles. Default 10 s; 0 s, for a
    /// mirror, or from 1 ms to 10 min. Chains and lists, twelve in all, have the same in a line of their own.
    /// </summary>
    public TimeSpan Spacing { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>File with chips (<c>product,chip id,TCB</c> per line) whose VCEKs are fetched while nobody waits. Default: none.</summary>
    public string? InventoryFile { get; set; }

    /// <summary>PEM file with certificates and revocation lists, used before anything is fetched. Default: none.</summary>
    public string? BundleFile { get; set; }

    /// <summary>How often <see cref="BundleFile"/> is looked at for a new one. Default 1 min, from 1 s to 24 h.</summary>
    public TimeSpan BundleReloadInterval { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Whether the key service may be asked.</summary>
internal enum KdsMode
{
    Online = 0,
    Offline = 1,
}
