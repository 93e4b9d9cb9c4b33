using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Verifier.Service;
using Verifier.Service.Hosting;
using Verifier.Service.Kds;
using Verifier.TestKit;

namespace Verifier.Tests.Hosting;

/// <summary>T109, F44: what must not start does not, and says why in one line for each fault.</summary>
public sealed class StartupFaultTests
{
    public static TheoryData<string, string> Faults => new()
    {
        { "--Server:Prt=1", "Server:Prt: there is no such setting" },
        { "--Polcy:UnsafeAllowDebug=false", "Polcy: there is no such section of settings" },
        { "--Policy:UnsafeAllowDebug=true", "Policy: policies are kept in the store and no longer set here; apply one with verifierctl policy apply FILE" },
        { "--Server:UnsafePlaintext", "argument 2: a setting is written --Section:Key=value; --help shows examples" },
        { "Server:Port=0", "argument 2: a setting is written --Section:Key=value; --help shows examples" },
        { "-Server:Port=0", "argument 2: a setting is written --Section:Key=value; --help shows examples" },
        { "--urls=http://0.0.0.0:80", "urls: there is no such section of settings" },
        { "--Kestrel:Endpoints:A:Url=http://0.0.0.0:80", "Kestrel: endpoints are set by Server:* only" },
        { "--Server:Port=abc", "Server:Port: 'abc' is not a number in range" },
        { "--Server:Port=70000", "Server:Port: must be 0 to 65535" },
        { "--Server:UnsafePlaintext=yes", "Server:UnsafePlaintext: 'yes' is not true or false" },
        { "--Server:DefaultDeadline=soon", "Server:DefaultDeadline: 'soon' is not a duration such as 00:00:10" },
        { "--Server:Address=localhost", "Server:Address: must be an IP address or *" },
        { "--Server:Address=0.0.0.0", "Server:Tls: a certificate is demanded off loopback; set Server:Tls:CertificateFile and Server:Tls:KeyFile, or Server:UnsafePlaintext to go without" },
        { "--Server:Tls:KeyFile=/nowhere", "Server:Tls:CertificateFile: must be set together with Server:Tls:KeyFile" },
        { "--Server:Tls:ClientCaFile=tls.crt", "Server:Tls:ClientCaFile: has a meaning only with Server:Tls:CertificateFile" },
        { "--Server:MaxRequestBytes=1", "Server:MaxRequestBytes: must be 65536 to 4194304" },
        { "--Server:MaxConnectionsPerAddress=0", "Server:MaxConnectionsPerAddress: must be 1 to 100000" },
        { "--Server:MaxHeaderBytes=100", "Server:MaxHeaderBytes: must be 1024 to 65536" },
        { "--Server:MinBodyRate=0", "Server:MinBodyRate: must be 1 to 1048576" },
        { "--Server:KeepAlivePingDelay=00:00:00", "Server:KeepAlivePingDelay: must be 1 s to 1 h" },
        { "--Server:KeepAlivePingTimeout=00:10:00", "Server:KeepAlivePingTimeout: must be 1 s to 5 min" },
        { "--Admission:Concurrency=0", "Admission:Concurrency: must be 1 to 1024" },
        { "--Admission:Concurrency=many", "Admission:Concurrency: 'many' is not a number in range" },
        { "--Admission:QueueTime=00:00:02", "Admission:QueueTime: must be 1 ms to 1 s" },
        { "--Admission:MaxInFlight=15", "Admission:MaxInFlight: must be 16 to 100000" },
        { "--Admission:MaxStreams=15", "Admission:MaxStreams: must be 16 to 100000" },
        { "--Registry:RegistrarTokenFile=token", "Registry:RegistrarTokenFile: is gone; Identity:AdminTokenFile names a token that may do everything, and rules give rights to identities (docs/identity.md)" },
        { "--Identity:AdminTokenFile=/nowhere/token", "Identity:AdminTokenFile: cannot be read (DirectoryNotFoundException)" },
        { "--Identity:AdminTokenFile=", "Identity:AdminTokenFile: cannot be read (ArgumentException)" },
        { "--Kds:Mode=Sometimes", "Kds:Mode: 'Sometimes' is not one of Online, Offline" },
        { "--Kds:Spacing=00:20:00", "Kds:Spacing must be from 00:00:00.0010000 to 00:10:00." },
        { "--Kds:MaxPendingChipsPerTenant=0", "Kds:MaxPendingChipsPerTenant must be from 1 to 10000." },
        { "--Kds:MaxPendingChipsPerCaller=0", "Kds:MaxPendingChipsPerCaller must be from 1 to 10000." },
        { "--Kds:InventoryFile=/nowhere/chips.csv", "Kds:InventoryFile names a file that does not exist." },
        { "--Kds:BundleFile=/nowhere/kds.pem", "Kds:BundleFile names a file that does not exist." },
        { "--Kds:BundleReloadInterval=0", "Kds:BundleReloadInterval must be from 00:00:01 to 1.00:00:00." },
        { "--Kds:Mode=1", "Kds:Mode: '1' is not one of Online, Offline" },
        { "--Trust:UnsafeExtraRoots=root.pem", "Trust:UnsafeExtraRoots: is a list; write Trust:UnsafeExtraRoots:0, Trust:UnsafeExtraRoots:1 and so on" },
        { "--Trust:UnsafeExtraRoots:0=/nowhere/root.pem", "Trust:UnsafeExtraRoots:0: cannot be read (DirectoryNotFoundException)" },
        { "--Trust:VerifiedCertificates=15", "Trust:VerifiedCertificates: must be 16 to 1000000" },
        { "--Crypto:Engine=LibreSsl", "Crypto:Engine: 'LibreSsl' is not one of BouncyCastle, OpenSsl" },
        { "--Crypto:Engine=1", "Crypto:Engine: '1' is not one of BouncyCastle, OpenSsl" },
        { "--Identity:Issuers:0:Isuer=https://issuer.example", "Identity:Issuers:0:Isuer: there is no such setting" },
        { "--Identity:Issuers:0:Kind=Forge", "Identity:Issuers:0:Kind: 'Forge' is not one of Other, GitHub, GitLab, Kubernetes" },
        { "--Identity:Issuers:0:Algorithms=RS256", "Identity:Issuers:0:Algorithms: is a list; write Identity:Issuers:0:Algorithms:0, Identity:Issuers:0:Algorithms:1 and so on" },
        { "--Identity:Issuers=https://issuer.example", "Identity:Issuers: there is no such setting" },
        { "--Web:Port=70000", "Web:Port: must be 0 to 65535" },
        { "--Web:Prt=1", "Web:Prt: there is no such setting" },
        { "--Web:AllowedOrigins=https://a.example", "Web:AllowedOrigins: is a list; write Web:AllowedOrigins:0, Web:AllowedOrigins:1 and so on" },
        { "--Web:AllowedOrigins:0=https://a.example", "Web:AllowedOrigins: has no meaning without Web:Port" },
        { "--Store:Redis:Replicas=some", "Store:Redis:Replicas: 'some' is not a number in range" },
        { "--Store:Redis:SentinelPort=26379", "Store:Redis:SentinelPort: there is no such setting" },
        { "--Telemetry:OtlpEndpoint=collector", "Telemetry:OtlpEndpoint: must be an http or https address" },
        { "--Telemetry:MetricsPort=65536", "Telemetry:MetricsPort: must be 0 to 65535" },
        { "--Telemetry:MaxTenants=201", "Telemetry:MaxTenants: must be 0 to 200" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void T109_Fault_IsNamedByItsSetting(string argument, string fault)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => VerifierApp.Create(["--Server:Port=0", argument]));

        Assert.Equal([fault], ConfigurationFaultException.FaultsOf(error)!);
    }

    // A null would be bound over the default: a switch that is on would be off, a group gone.
    [Theory]
    [InlineData("""{"Kds":{"Mode":null}}""", "Kds:Mode")]
    [InlineData("""{"Trust":{"UnsafeExtraRoots":null}}""", "Trust:UnsafeExtraRoots")]
    [InlineData("""{"Trust":{"UnsafeExtraRoots":[null]}}""", "Trust:UnsafeExtraRoots:0")]
    [InlineData("""{"Server":{"Tls":{}}}""", "Server:Tls")]
    [InlineData("""{"Registry":{"Igvm":null}}""", "Registry:Igvm")]
    [InlineData("""{"Store":{"Redis":{}}}""", "Store:Redis")]
    [InlineData("""{"Kds":{"BaseUrl":null}}""", "Kds:BaseUrl")]
    [InlineData("""{"Telemetry":{"ServiceName":null}}""", "Telemetry:ServiceName")]
    public void T109_SettingWithoutAValue_IsNamed(string json, string setting)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => Create(json));

        Assert.Equal([$"{setting}: has no value; leave it out to get the default"], ConfigurationFaultException.FaultsOf(error)!);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"Kds":null}""")]
    [InlineData("""{"Kds":{}}""")]
    public async Task SectionWithoutSettings_IsAsNoSection(string json)
    {
        await using WebApplication app = Create(json);

        Assert.Equal(new KdsOptions().Mode, app.Services.GetRequiredService<IOptions<KdsOptions>>().Value.Mode);
    }

    [Fact]
    public void SeveralFaults_AreToldAtOnce()
    {
        Exception error = Assert.ThrowsAny<Exception>(() => VerifierApp.Create(["--Server:Port=-1", "--Server:MaxConnections=0", "--Server:MaxRequestBytes=1"]));

        Assert.Equal(3, ConfigurationFaultException.FaultsOf(error)!.Count);
    }

    [Fact]
    public void OtherExceptions_AreNoFaultsOfConfiguration() => Assert.Null(ConfigurationFaultException.FaultsOf(new InvalidOperationException()));

    [Fact]
    public void ShortToken_IsRefused()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "short\n");
        try
        {
            Exception error = Assert.ThrowsAny<Exception>(() => VerifierApp.Create([$"--Identity:AdminTokenFile={file}"]));
            Assert.Equal(
                ["Identity:AdminTokenFile: must hold 32 to 512 printable ASCII characters without spaces"], ConfigurationFaultException.FaultsOf(error)!);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void T109_ExtraRootThatDidNotSignItself_IsNamedByItsSetting()
    {
        VirtualAmd other = VirtualAmd.Milan.WithArk(recipe => recipe with { Sign = VirtualAmd.Genoa.Ark.Sign });
        string file = Path.GetTempFileName();
        File.WriteAllText(file, System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", other.Ark.Certificate));
        try
        {
            Exception error = Assert.ThrowsAny<Exception>(() => VerifierApp.Create([$"--Trust:UnsafeExtraRoots:0={file}"]));
            Assert.Equal(["Trust:UnsafeExtraRoots:0: must be signed by itself and not be one of AMD's own roots, which are trusted anyway"], ConfigurationFaultException.FaultsOf(error)!);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void DataDirectoryThatCannotBeWritten_IsNamed()
    {
        string folder = Directory.CreateTempSubdirectory("verifier-test-").FullName;
        string token = Path.Combine(folder, "token"), file = Path.Combine(folder, "file");
        File.WriteAllText(token, new string('a', 32));
        File.WriteAllText(file, "");
        try
        {
            Exception error = Assert.ThrowsAny<Exception>(() => VerifierApp.Create([$"--Identity:AdminTokenFile={token}", $"--Store:DataDirectory={file}"]));
            Assert.Equal(["Store:DataDirectory: nothing can be written there (IOException)"], ConfigurationFaultException.FaultsOf(error)!);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Program_WritesErrorLines_AndEndsWithOne()
    {
        TextWriter before = Console.Error;
        using StringWriter written = new();
        Console.SetError(written);
        try
        {
            Assert.Equal(1, await Program.Main(["--Server:Port=-1", "--Server:Prt=1"]));
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.Contains("error: Server:Prt: there is no such setting", written.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", written.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_ShowsExamples_AndStartsNothing(string argument)
    {
        TextWriter before = Console.Out;
        using StringWriter written = new();
        Console.SetOut(written);
        try
        {
            Assert.Equal(0, await Program.Main([argument]));
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.Contains("--Identity:Issuers:0:Kind=GitHub", written.ToString(), StringComparison.Ordinal);
    }

    // Every example of the help is written as the service wants it, and names settings that there are.
    [Fact]
    public void Help_NamesRealSettings()
    {
        string[] settings = [.. ServiceArguments.Help.Split([' ', '\n']).Where(w => w.StartsWith("--", StringComparison.Ordinal) && w.Contains('=', StringComparison.Ordinal))];

        Assert.True(settings.Length >= 6);
        Assert.Empty(ServiceArguments.Faults(settings));
        Assert.Empty(SettingsCheck.Faults(new ConfigurationBuilder().AddCommandLine(settings).Build(), SettingsSchema.Sections));
    }

    [Fact]
    public void SettingAndValueApart_AreTaken() => Assert.Empty(ServiceArguments.Faults(["--Server:Port", "0", "--Kds:Mode=Offline"]));

    [Fact]
    public async Task TakenPort_IsAFault()
    {
        await using TestService first = await TestService.StartAsync();
        int port = new Uri(first.Address).Port;

        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => TestService.StartAsync([$"--Server:Port={port}"]));

        Assert.Equal(["Server:Port: the address is in use"], ConfigurationFaultException.FaultsOf(error)!);
    }

    private static WebApplication Create(string json)
    {
        string folder = Directory.CreateTempSubdirectory("verifier-settings-").FullName;
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), json);
        try
        {
            return VerifierApp.Create(["--Server:Port=0", $"--contentRoot={folder}", $"--Store:DataDirectory={Path.Combine(folder, "data")}"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
