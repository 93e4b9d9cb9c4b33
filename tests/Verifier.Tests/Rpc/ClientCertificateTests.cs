using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Documents;
using Verifier.Service.Identity.Rules;
using Verifier.Tests.Web;
using IdentityRule = Verifier.Service.Identity.Rules.IdentityRule;
using Role = Verifier.Service.Identity.Rules.Role;

namespace Verifier.Tests.Rpc;

/// <summary>Client certificates beside bearer tokens, in the same service.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private static readonly Oid ForClients = new("1.3.6.1.5.5.7.3.2");
    private static readonly Oid ForServers = new("1.3.6.1.5.5.7.3.1");

    private readonly X509Certificate2 _authority = Authority();
    private readonly string _file = Path.GetTempFileName();

    public ClientCertificateTests() => File.WriteAllText(_file, _authority.ExportCertificatePem());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        File.Delete(_file);
    }

    [Theory]
    [InlineData("uri", true)]
    [InlineData("dns", true)]
    [InlineData("key", true)]
    [InlineData("other uri", false)]
    [InlineData("other dns", false)]
    [InlineData("other key", false)]
    public async Task Certificate_HasTheRolesOfItsRule(string by, bool isAllowed)
    {
        using X509Certificate2 certificate = Issue(_authority, ForClients);
        await using ReachableService reachable = await ReachableService.StartAsync($"--Server:Tls:ClientCaFile={_file}");
        string key = Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        CertificateCondition condition = by switch
        {
            "uri" => new() { Uri = "spiffe://cluster/ci" },
            "dns" => new() { DnsName = "ci.example" },
            "key" => new() { SpkiSha256 = key },
            "other uri" => new() { Uri = "spiffe://cluster/other" },
            "other dns" => new() { DnsName = "example" },
            _ => new() { SpkiSha256 = new string('a', 64) },
        };
        await reachable.PutAsync("default", DocumentKind.IdentityRule, "ci", RuleCodec.Encode(new IdentityRule(condition, [Role.Registrar])));
        RegistryService.RegistryServiceClient registry = new(reachable.Channel(certificate));

        if (isAllowed)
        {
            CreateReferenceValueResponse created = await registry.CreateReferenceValueAsync(Requests.Create(), cancellationToken: Cancellation);
            Assert.Equal("certificate spiffe://cluster/ci", created.ReferenceValue.Registrar);
            return;
        }

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await registry.CreateReferenceValueAsync(Requests.Create(), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    [Theory]
    [InlineData("spiffe://cluster/ci", HttpStatusCode.OK)]
    [InlineData("spiffe://cluster/other", HttpStatusCode.Forbidden)]
    public async Task Certificate_HasTheSameRolesForJson(string uri, HttpStatusCode expected)
    {
        using X509Certificate2 certificate = Issue(_authority, ForClients);
        await using ReachableService reachable = await ReachableService.StartAsync($"--Server:Tls:ClientCaFile={_file}", "--Web:Port=0");
        await reachable.PutAsync("default", DocumentKind.IdentityRule, "ci", RuleCodec.Encode(new IdentityRule(new CertificateCondition { Uri = uri }, [Role.Registrar])));
        string value = Google.Protobuf.JsonFormatter.Default.Format(Requests.Create().ReferenceValue);
        const string path = "/v1/tenants/default/referenceValues?referenceValueId=one";
        using HttpClient shown = reachable.WebClient(certificate);
        using HttpClient nobody = reachable.WebClient();

        HttpResponseMessage refused = await nobody.PostAsync(path, WebCalls.Json(value), Cancellation);
        HttpResponseMessage answer = await shown.PostAsync(path, WebCalls.Json(value), Cancellation);

        Assert.Equal((HttpStatusCode.Unauthorized, expected), (refused.StatusCode, answer.StatusCode));
    }

    [Theory]
    [InlineData("of another authority")]
    [InlineData("for servers")]
    [InlineData("self-signed")]
    public async Task CertificateThatNobodyVouchesFor_EndsTheHandshake(string how)
    {
        using X509Certificate2 other = Authority();
        using X509Certificate2 certificate = how == "of another authority" ? Issue(other, ForClients) : how == "for servers" ? Issue(_authority, ForServers) : Authority();
        await using ReachableService reachable = await ReachableService.StartAsync($"--Server:Tls:ClientCaFile={_file}");
        await reachable.SetAsync("default", new() { OpenToAnyone = true });

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new VerifierService.VerifierServiceClient(reachable.Channel(certificate)).VerifyAsync(Requests.Verify(), cancellationToken: Cancellation));

        Assert.True(error.StatusCode is StatusCode.Unavailable or StatusCode.Internal, $"{error.Status}");
    }

    [Fact]
    public async Task WithoutACertificate_TokensServeAsBefore()
    {
        await using ReachableService reachable = await ReachableService.StartAsync($"--Server:Tls:ClientCaFile={_file}");
        await reachable.GrantAsync("default", "ci", "", Role.Registrar);

        await reachable.Registry.CreateReferenceValueAsync(Requests.Create(), reachable.As("ci"), cancellationToken: Cancellation);
        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await reachable.Registry.CreateReferenceValueAsync(Requests.Create("b"), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    [Fact]
    public async Task CertificateWithoutConfiguredAuthorities_ShowsNobody()
    {
        using X509Certificate2 certificate = Issue(_authority, ForClients);
        await using ReachableService reachable = await ReachableService.StartAsync();
        await reachable.PutAsync("default", DocumentKind.IdentityRule, "ci", RuleCodec.Encode(new IdentityRule(new CertificateCondition { DnsName = "ci.example" }, [Role.Registrar])));

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new RegistryService.RegistryServiceClient(reachable.Channel(certificate)).CreateReferenceValueAsync(Requests.Create(), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    private static X509Certificate2 Authority()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Client authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(30));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, Oid use)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=ci", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddUri(new Uri("spiffe://cluster/ci"));
        names.AddDnsName("ci.example");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([use], critical: false));
        using X509Certificate2 certificate = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(16));
        using X509Certificate2 withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
