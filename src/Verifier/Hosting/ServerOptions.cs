namespace Verifier.Service.Hosting;

/// <summary>Where and how the service listens. Section <c>Server</c>.</summary>
internal sealed class ServerOptions
{
    public const string Section = "Server";

    /// <summary>IP address to listen on, or <c>*</c> for all. Default: loopback.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>TCP port, 0 to 65535; 0 takes a free one, which the log tells. Default: 7443.</summary>
    public int Port { get; set; } = 7443;

    /// <summary>TCP port of a plaintext listener that serves grpc.health.v1 only, 0 to 65535. Default: none.</summary>
    public int? ProbePort { get; set; }

    /// <summary>Certificate and key. Demanded off loopback.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>Allows plaintext off loopback: whoever is on the path can read and change every verdict. Default: off.</summary>
    public bool UnsafePlaintext { get; set; }

    /// <summary>Largest request message in bytes, 65536 to 4194304. Default: 512 KiB, which holds a report, certificates and four revocation lists.</summary>
    public int MaxRequestBytes { get; set; } = 512 * 1024;

    /// <summary>Deadline of a call whose caller gave none, and of each item of a stream, 100 ms to 5 min. Default: 10 s.</summary>
    public TimeSpan DefaultDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Concurrent calls on one connection, 1 to 1000. Default: 32.</summary>
    public int MaxStreamsPerConnection { get; set; } = 32;

    /// <summary>Connections at a time, 1 to 100000. Default: 1000.</summary>
    public int MaxConnections { get; set; } = 1000;

    /// <summary>Connections at a time from one address, or one network of 64 bits of IPv6, 1 to 100000. Default: none, which is half of <see cref="MaxConnections"/>.</summary>
    public int? MaxConnectionsPerAddress { get; set; }

    /// <summary>Headers of one call together, in bytes, 1024 to 65536. Default: 8 KiB, far above what a token needs (T97).</summary>
    public int MaxHeaderBytes { get; set; } = 8 * 1024;

    /// <summary>Least rate at which a message must come, in bytes a second, once it has had 5 seconds, 1 to 1048576. Default: 240 (T98).</summary>
    public int MinBodyRate { get; set; } = 240;

    /// <summary>Silence after which a connection of HTTP/2 is asked whether it is still there, 1 s to 1 h. Default: 60 s.</summary>
    public TimeSpan KeepAlivePingDelay { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest wait for the answer to that, after which the connection is closed, 1 s to 5 min. Default: 20 s.</summary>
    public TimeSpan KeepAlivePingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Time between NOT_SERVING and the closing of the listeners, 0 s to 5 min. Default: none; behind a balancer a few seconds.</summary>
    public TimeSpan DrainDelay { get; set; }

    /// <summary>Longest wait for calls in flight when the service stops, 1 s to 5 min. Default: 20 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>What holds where <see cref="MaxConnectionsPerAddress"/> is not given.</summary>
    public int ConnectionsPerAddress => MaxConnectionsPerAddress ?? Math.Max(1, MaxConnections / 2);
}

/// <summary>Certificate and key of the server, both PEM.</summary>
internal sealed class TlsOptions
{
    /// <summary>PEM file with the certificate, and intermediates behind it. Default: none.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file with the private key. Default: none.</summary>
    public string? KeyFile { get; set; }

    /// <summary>PEM file with the authorities that may vouch for client certificates, which are then asked for and optional. Read at start. Default: none, and clients are not asked.</summary>
    public string? ClientCaFile { get; set; }

    /// <summary>How often the files are looked at for a change, 1 s to 1 h. Default: 10 s.</summary>
    public TimeSpan ReloadInterval { get; set; } = TimeSpan.FromSeconds(10);

    public bool IsConfigured => CertificateFile is not null || KeyFile is not null;
}
