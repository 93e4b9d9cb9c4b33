using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;
using Verifier.Contracts.V1;
using Verifier.Service.Documents;
using Verifier.Service.Identity.Rules;
using Verifier.Service.Identity.Tenants;
using Verifier.Service.Registry;
using Verifier.TestKit;
using Verifier.TestKit.Identity;
using Verifier.Tests.Hosting;
using IdentityRule = Verifier.Service.Identity.Rules.IdentityRule;
using Role = Verifier.Service.Identity.Rules.Role;
using TenantSettings = Verifier.Service.Identity.Tenants.TenantSettings;

namespace Verifier.Tests.Rpc;

/// <summary>The service as others reach it: on all addresses, with TLS, and with an issuer whose word it takes.</summary>
internal sealed class ReachableService : IAsyncDisposable
{
    private readonly string _thumbprint;

    private ReachableService(FakeIssuer issuer, TestService service, string thumbprint) => (Issuer, Service, _thumbprint) = (issuer, service, thumbprint);

    public FakeIssuer Issuer { get; }

    public TestService Service { get; }

    public VerifierService.VerifierServiceClient Verifier => new(Channel());

    public RegistryService.RegistryServiceClient Registry => new(Channel());

    public static async Task<ReachableService> StartAsync(params string[] args)
    {
        FakeIssuer issuer = await FakeIssuer.StartAsync(new FakeTimeProvider(VirtualAmd.Now));
        string folder = Directory.CreateTempSubdirectory("verifier-tls-").FullName;
        (string certificate, string key) = (Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));
        string thumbprint;
        using (ECDsa own = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        using (X509Certificate2 made = new CertificateRequest("CN=localhost", own, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30)))
        {
            thumbprint = made.Thumbprint;
            File.WriteAllText(certificate, made.ExportCertificatePem());
            File.WriteAllText(key, own.ExportPkcs8PrivateKeyPem());
        }

        TestService service = await TestService.StartAsync(
            ["--Server:Address=*", $"--Server:Tls:CertificateFile={certificate}", $"--Server:Tls:KeyFile={key}", .. issuer.Settings("Other"), .. args]);
        ReachableService reachable = new(issuer, service, thumbprint);
        await reachable.KnowIssuerAsync();
        return reachable;
    }

    /// <summary>A connection, with a client certificate where one is given.</summary>
    public GrpcChannel Channel(X509Certificate2? certificate = null) => Service.Channel(
        $"https://localhost:{new Uri(Service.Address).Port}", new GrpcChannelOptions { HttpHandler = Handler(certificate), DisposeHttpClient = true });

    /// <summary>A client of the web listener, with a client certificate where one is given.</summary>
    public HttpClient WebClient(X509Certificate2? certificate = null) =>
        new(Handler(certificate)) { BaseAddress = new Uri($"https://localhost:{new Uri(Service.App.Urls.Last()).Port}") };

    /// <summary>Headers with a token of the subject.</summary>
    public Metadata As(string subject) => new() { { "authorization", $"Bearer {Issuer.Token(subject)}" } };

    /// <summary>Gives roles to the subject in a tenant.</summary>
    public Task GrantAsync(string tenant, string subject, string idPrefix, params Role[] roles)
    {
        ClaimsCondition condition = new() { Issuer = Issuer.Name, Claims = new Dictionary<string, string> { ["sub"] = subject } };
        return PutAsync(tenant, DocumentKind.IdentityRule, subject.ToLowerInvariant(), RuleCodec.Encode(new IdentityRule(condition, roles) { IdPrefix = idPrefix }));
    }

    public Task WithdrawAsync(string tenant, string subject) => ChangeAsync(tenant, DocumentKind.IdentityRule, subject.ToLowerInvariant(), DocumentStep.Delete, default);

    public Task SetAsync(string tenant, TenantSettings settings) => PutAsync(tenant, DocumentKind.Settings, DocumentIds.Settings, SettingsCodec.Encode(settings));

    public Task PutAsync(string tenant, DocumentKind kind, string id, byte[] content) => ChangeAsync(tenant, kind, id, DocumentStep.Put, content);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    /// <summary>Has the keys of the issuer fetched: a service gives that a second, which may be over on a busy machine, and then does without for a while.</summary>
    private async Task KnowIssuerAsync()
    {
        StatusCode told;
        int tried = 0;
        do
        {
            Service.Clock.Advance(tried == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(6));
            RpcException refused = await Assert.ThrowsAsync<RpcException>(async () =>
                await Registry.GetReferenceValueAsync(new() { Name = Requests.Name() }, As("nobody"), cancellationToken: TestContext.Current.CancellationToken));
            told = refused.StatusCode;
        }
        while (told is StatusCode.Unavailable && ++tried < 10);
    }

    private SocketsHttpHandler Handler(X509Certificate2? certificate)
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 server && server.Thumbprint == _thumbprint;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        return handler;
    }

    private Task<DocumentOutcome> ChangeAsync(string tenant, DocumentKind kind, string id, DocumentStep step, ReadOnlyMemory<byte> content) => Service.Documents.ChangeAsync(
        new DocumentChange(tenant, kind, id, step, content, null, Actor.Named("test"), VirtualAmd.Now), null, TestContext.Current.CancellationToken);
}
