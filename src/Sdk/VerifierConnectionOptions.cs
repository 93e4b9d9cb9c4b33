using System.Security.Cryptography.X509Certificates;

namespace Verifier.Sdk;

/// <summary>Where a verifier service is, and how to know that it is the right one.</summary>
public record VerifierConnectionOptions
{
    /// <summary>Address of the service, for example <c>https://verifier.example:7443</c>. Off the loopback interface it must be https.</summary>
    public required Uri Address { get; init; }

    /// <summary>
    /// More addresses of the same service, of the scheme of <see cref="Address"/>. Calls are spread over all that can be reached, each known by the
    /// name in its own address.
    /// </summary>
    public IReadOnlyList<Uri> Replicas { get; init; } = [];

    /// <summary>
    /// Spreads calls over all addresses that the host name of <see cref="Address"/> resolves to, for example those of a headless Service in
    /// Kubernetes; they are looked up again every 15 seconds, and when a connection ends. Each is known by that name. Default: off.
    /// </summary>
    public bool ReplicasByName { get; init; }

    /// <summary>The only authorities that may vouch for the service's TLS certificate; null for those of the system.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>Certificate with its private key that is shown to the service; null for none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Intermediates that are sent with <see cref="ClientCertificate"/>.</summary>
    public X509Certificate2Collection? ClientCertificateChain { get; init; }

    /// <summary>Longest wait for a connection. Default: 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Allows http off the loopback interface: whoever is in between can then forge every answer. Default: off.</summary>
    public bool UnsafePlaintext { get; init; }

    /// <summary><see cref="Address"/> and <see cref="Replicas"/>.</summary>
    internal IEnumerable<Uri> Addresses => [Address, .. Replicas];
}
