using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Verifier.Service.Hosting;
using Verifier.TestKit;

namespace Verifier.Charts.Tests;

/// <summary>The rendered settings pass every check that the real service makes before it starts, with files in the places of the volumes.</summary>
public sealed class StartupTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-chart-").FullName;

    [Theory]
    [MemberData(nameof(ValueSets.Good), MemberType = typeof(ValueSets))]
    public async Task Settings_StartTheService(string name)
    {
        await using WebApplication app = VerifierApp.Create(Arguments(Manifests.Render(name).Settings));
        Assert.NotNull(app);
    }

    [Theory]
    [InlineData("Server__DrainDelay", "00:10:00", "Server:DrainDelay: must be 0 s to 5 min")]
    [InlineData("Admission__QueueTime", "00:00:01.001", "Admission:QueueTime: must be 1 ms to 1 s")]
    [InlineData("Tokens__Issuer", "https://results.example/", "Tokens:Issuer: must be an https URL")]
    [InlineData("Log__KeyFile", "/etc/verifier/log/other.pem", "Log:KeyFile")]
    [InlineData("Store__Redis__Tls__Enabled", "false", "Store:Redis")]
    public void WrongSettings_DoNotStartIt(string setting, string value, string fault)
    {
        Dictionary<string, string> settings = new(Manifests.Render("tokens").Settings);
        string[] good = Arguments(settings);
        settings[setting] = value;

        Exception error = Assert.ThrowsAny<Exception>(() => VerifierApp.Create([.. good, Argument(setting, value)]));

        Assert.Contains(ConfigurationFaultException.FaultsOf(error)!, f => f.StartsWith(fault, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Arguments(IDictionary<string, string> settings)
    {
        foreach (string path in settings.Values.Where(v => v.StartsWith("/etc/verifier/", StringComparison.Ordinal)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Here(path))!);
        }

        WriteCertificate(settings);
        foreach ((string setting, string path) in settings.Where(s => s.Value.StartsWith("/etc/verifier/", StringComparison.Ordinal) && !s.Key.StartsWith("Server__Tls__Certificate", StringComparison.Ordinal) && s.Key != "Server__Tls__KeyFile"))
        {
            File.WriteAllText(Here(path), Content(setting));
        }

        return [.. settings.Select(s => Argument(s.Key, s.Value))];
    }

    private string Argument(string setting, string value) => $"--{setting.Replace("__", ":", StringComparison.Ordinal)}={Here(value)}";

    private string Here(string value) => value.StartsWith("/etc/verifier/", StringComparison.Ordinal) || value.StartsWith("/var/lib/", StringComparison.Ordinal) ? _folder + value : value;

    private void WriteCertificate(IDictionary<string, string> settings)
    {
        if (settings.TryGetValue("Server__Tls__CertificateFile", out string? certificate))
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using X509Certificate2 made = new CertificateRequest("CN=verifier", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now, Now.AddYears(30));
            File.WriteAllText(Here(certificate), made.ExportCertificatePem());
            File.WriteAllText(Here(settings["Server__Tls__KeyFile"]), key.ExportPkcs8PrivateKeyPem());
        }
    }

    private static string Content(string setting)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return setting switch
        {
            "Identity__AdminTokenFile" => new string('a', 48),
            "Store__Redis__PasswordFile" or "Store__Redis__SentinelPasswordFile" => "password",
            "Kds__InventoryFile" or "Kds__BundleFile" => "",
            "Log__KeyFile" => key.ExportPkcs8PrivateKeyPem(),
            "Trust__UnsafeExtraRoots__0" => File.ReadAllText(RepositoryRoot.Combine("samples", "root.pem")),
            _ when setting.StartsWith("Log__TrustedKeyFiles__", StringComparison.Ordinal) => key.ExportSubjectPublicKeyInfoPem(),
            _ when setting.StartsWith("Tokens__KeyFiles__", StringComparison.Ordinal) => key.ExportPkcs8PrivateKeyPem(),
            _ when setting.EndsWith("CaFile", StringComparison.Ordinal) => Authority(key),
            _ => throw new InvalidOperationException($"The test knows no file for {setting}."),
        };
    }

    private static string Authority(ECDsa key)
    {
        CertificateRequest request = new("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using X509Certificate2 made = request.CreateSelfSigned(Now, Now.AddYears(30));
        return made.ExportCertificatePem();
    }
}
