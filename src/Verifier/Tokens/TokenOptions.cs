namespace Verifier.Service.Tokens;

/// <summary>
/// Signed attestation results. Section <c>Tokens</c>. They are made when an issuer is known: <see cref="Issuer"/>, or on loopback the
/// address of <see cref="Port"/>.
/// </summary>
internal sealed class TokenOptions
{
    public const string Section = "Tokens";

    /// <summary>
    /// URL that names this service in results (<c>iss</c>) and under which relying parties find its keys: https, or http on loopback; no
    /// query, no slash at the end. Default: none; on loopback the address of <see cref="Port"/>.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>TCP port that serves the keys and the discovery document, 0 to 65535; TLS as the service itself. Default: none.</summary>
    public int? Port { get; set; }

    /// <summary>
    /// PEM files with a P-256 private key each. The first whose key is in force signs, all are published. Read again when they change.
    /// Default: none; with the embedded store a key is made in its directory.
    /// </summary>
    public string[] KeyFiles { get; set; } = [];

    /// <summary>
    /// How long a key that comes while the service runs is published before it signs, 0 s to 24 h, so that no relying party meets a
    /// signature by a key it has not seen. Default: 5 min.
    /// </summary>
    public TimeSpan ActivationDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the files are looked at for a change, 1 s to 1 h. Default: 10 s.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a result is valid, 10 s to 5 min. Default: 5 min.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromMinutes(5);
}
