namespace Verifier.Service.Log;

/// <summary>The signed log of changes. Section <c>Log</c>.</summary>
internal sealed class LogOptions
{
    public const string Section = "Log";

    /// <summary>
    /// PEM file with the P-256 key that signs the log's heads; every instance of the service has the same. Required with Redis. Default
    /// for the embedded store: <c>log-key.pem</c> in its data directory, made at the first change.
    /// </summary>
    public string? KeyFile { get; set; }

    /// <summary>PEM files with public keys whose heads count too: those that signed before <see cref="KeyFile"/>. Default: none.</summary>
    public string[] TrustedKeyFiles { get; set; } = [];

    /// <summary>
    /// Rollbacks that are meant, after a backup was restored: <c>SIZE:ROOT</c> of the log as it stands now, as the alarm names it. Default: none.
    /// </summary>
    public string[] AcceptRollback { get; set; } = [];

    /// <summary>Largest copy of a tenant that is imported, in bytes; it is kept in the data directory meanwhile. 1 MiB to 1 TiB.</summary>
    public long MaxImportBytes { get; set; } = 1L << 30;

    /// <summary>Within which time anything that was tampered with in the store is found, also where nobody asks for it. 2 seconds to 24 hours.</summary>
    public TimeSpan AuditInterval { get; set; } = TimeSpan.FromMinutes(10);
}
