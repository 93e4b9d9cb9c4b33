using System.Net;
using Microsoft.Extensions.Options;

namespace Verifier.Service.Hosting;

/// <summary>What must hold of <see cref="ServerOptions"/> before the service starts.</summary>
internal sealed class ServerOptionsValidator : IValidateOptions<ServerOptions>
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, ServerOptions options)
    {
        List<string> faults = [.. Faults(options)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(ServerOptions o)
    {
        IPAddress? address = Endpoints.Parse(o.Address);
        (bool Broken, string Fault)[] rules =
        [
            (address is null, "Server:Address: must be an IP address or *"),
            (o.Port is < 0 or > 65535, "Server:Port: must be 0 to 65535"),
            (o.ProbePort is < 0 or > 65535, "Server:ProbePort: must be 0 to 65535"),
            (o.ProbePort is > 0 && o.ProbePort == o.Port, "Server:ProbePort: must differ from Server:Port"),
            (o.Tls.CertificateFile is null && o.Tls.KeyFile is not null, "Server:Tls:CertificateFile: must be set together with Server:Tls:KeyFile"),
            (o.Tls.KeyFile is null && o.Tls.CertificateFile is not null, "Server:Tls:KeyFile: must be set together with Server:Tls:CertificateFile"),
            (o.Tls.ClientCaFile is not null && !o.Tls.IsConfigured, "Server:Tls:ClientCaFile: has a meaning only with Server:Tls:CertificateFile"),
            (o.Tls.ReloadInterval < TimeSpan.FromSeconds(1) || o.Tls.ReloadInterval > TimeSpan.FromHours(1), "Server:Tls:ReloadInterval: must be 1 s to 1 h"),
            (address is not null && !IPAddress.IsLoopback(address) && !o.Tls.IsConfigured && !o.UnsafePlaintext,
                "Server:Tls: a certificate is demanded off loopback; set Server:Tls:CertificateFile and Server:Tls:KeyFile, or Server:UnsafePlaintext to go without"),
            (o.MaxRequestBytes is < 65536 or > 4194304, "Server:MaxRequestBytes: must be 65536 to 4194304"),
            (o.DefaultDeadline < TimeSpan.FromMilliseconds(100) || o.DefaultDeadline > FiveMinutes, "Server:DefaultDeadline: must be 100 ms to 5 min"),
            (o.MaxStreamsPerConnection is < 1 or > 1000, "Server:MaxStreamsPerConnection: must be 1 to 1000"),
            (o.MaxConnections is < 1 or > 100000, "Server:MaxConnections: must be 1 to 100000"),
            (o.MaxConnectionsPerAddress is < 1 or > 100000, "Server:MaxConnectionsPerAddress: must be 1 to 100000"),
            (o.MaxHeaderBytes is < 1024 or > 65536, "Server:MaxHeaderBytes: must be 1024 to 65536"),
            (o.MinBodyRate is < 1 or > 1048576, "Server:MinBodyRate: must be 1 to 1048576"),
            (o.KeepAlivePingDelay < TimeSpan.FromSeconds(1) || o.KeepAlivePingDelay > TimeSpan.FromHours(1), "Server:KeepAlivePingDelay: must be 1 s to 1 h"),
            (o.KeepAlivePingTimeout < TimeSpan.FromSeconds(1) || o.KeepAlivePingTimeout > FiveMinutes, "Server:KeepAlivePingTimeout: must be 1 s to 5 min"),
            (o.DrainDelay < TimeSpan.Zero || o.DrainDelay > FiveMinutes, "Server:DrainDelay: must be 0 s to 5 min"),
            (o.DrainTimeout < TimeSpan.FromSeconds(1) || o.DrainTimeout > FiveMinutes, "Server:DrainTimeout: must be 1 s to 5 min"),
        ];
        return rules.Where(r => r.Broken).Select(r => r.Fault).Concat(TlsFaults(o.Tls));
    }

    private static IEnumerable<string> TlsFaults(TlsOptions tls)
    {
        if (tls is { IsConfigured: true, ClientCaFile: { } file } && AuthorityFile.Fault(file) is { } unfit)
        {
            yield return $"Server:Tls:ClientCaFile: {unfit}";
        }

        if (tls.CertificateFile is not null && tls.KeyFile is not null && !TlsCertificate.TryLoad(tls, out _, out string fault))
        {
            yield return fault;
        }
    }
}
