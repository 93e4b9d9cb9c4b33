using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Verifier.Client.Input;
using Verifier.Client.Options;
using Verifier.Sdk;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Online;

/// <summary>One connection to a service, with its deadline and credentials.</summary>
internal sealed class ServiceConnection : IDisposable
{
    private const int MaxAuthorities = 256 * 1024;
    private const int MaxKey = 64 * 1024;

    private readonly GrpcChannel _channel;
    private readonly Metadata _headers = [];
    private readonly TimeSpan _timeout;

    public ServiceConnection(ServerInput server)
    {
        _timeout = server.Timeout;
        if (server.BearerToken is { } token)
        {
            _headers.Add("authorization", $"Bearer {token}");
        }

        (X509Certificate2 Certificate, X509Certificate2Collection Chain)? shown = server.ClientCertificate is { } files ? Shown(files) : null;
        _channel = VerifierChannel.Create(new VerifierConnectionOptions
        {
            Address = server.Address,
            CertificateAuthorities = server.CertificateAuthorities is { } authorities ? Trusted(authorities) : null,
            ConnectTimeout = server.Timeout,
            ClientCertificate = shown?.Certificate,
            ClientCertificateChain = shown?.Chain,

            // The options have been looked at: http off the loopback interface was asked for by --unsafe-plaintext.
            UnsafePlaintext = true,
        });
    }

    public V1.VerifierService.VerifierServiceClient Verifier => new(_channel);

    /// <summary>For calls with messages that are bytes already.</summary>
    public CallInvoker Invoker => _channel.CreateCallInvoker();

    public V1.RegistryService.RegistryServiceClient Registry => new(_channel);

    public V1.PolicyService.PolicyServiceClient Policies => new(_channel);

    public V1.LogService.LogServiceClient Log => new(_channel);

    public V1.IdentityRuleService.IdentityRuleServiceClient IdentityRules => new(_channel);

    public V1.TenantService.TenantServiceClient Tenants => new(_channel);

    public V1.RevocationLiftService.RevocationLiftServiceClient Lifts => new(_channel);

    /// <summary>Options of one call. Each call has the whole timeout; the transport counts by the machine's clock.</summary>
    public CallOptions Call(CancellationToken cancellation) => new(_headers, TimeProvider.System.GetUtcNow().UtcDateTime + _timeout, cancellation);

    public void Dispose() => _channel.Dispose();

    internal static X509Certificate2Collection Trusted(FileInfo file)
    {
        InputFile pem = InputFile.Read(file, MaxAuthorities);
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPem(Encoding.Latin1.GetString(pem.Bytes));
        }
        catch (CryptographicException e)
        {
            throw CommandFailure.Usage($"{file}: not a list of certificates in PEM: {e.Message}");
        }

        return authorities.Count > 0 ? authorities : throw CommandFailure.Usage($"{file}: holds no certificate in PEM");
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Shown(ClientCertificateFiles files)
    {
        string pem = Encoding.Latin1.GetString(InputFile.Read(files.Certificate, MaxAuthorities).Bytes);
        string key = Encoding.Latin1.GetString(InputFile.Read(files.Key, MaxKey).Bytes);
        try
        {
            X509Certificate2Collection chain = [];
            chain.ImportFromPem(pem);
            return (X509Certificate2.CreateFromPem(pem, key), chain);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw CommandFailure.Usage($"{files.Certificate} and {files.Key}: must be a certificate and its private key in PEM: {e.Message}");
        }
    }
}
