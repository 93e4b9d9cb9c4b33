using System.Security.Cryptography;
using Verifier.Client.Tests.Online;
using Verifier.TestKit;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests;

/// <summary>Files with revocation lists mean the same offline and for a service, and no list in them is passed over.</summary>
public sealed class RevocationListFileTests : IDisposable
{
    private const string NoList = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifierctl-");

    private static string List { get; } = PemEncoding.WriteString("X509 CRL", Samples.Read("crl.der")) + "\n";

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task SecondListOfAFile_IsJudgedToo()
    {
        Assert.Equal(0, (await OfflineAsync("--crl", Write(List))).ExitCode);

        CliResult result = await OfflineAsync("--crl", Write(List + NoList));

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("CERTIFICATES_ARE_NOT_REVOKED", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EachListOfAFile_IsSent()
    {
        V1.SnpEvidence evidence = await SentAsync("--crl", Write(List + "\r\n" + NoList));

        Assert.Equal([Samples.Read("crl.der"), [0, 0, 0]], evidence.RevocationLists.Select(l => l.ToByteArray()));
    }

    [Theory]
    [InlineData("words before\n", "")]
    [InlineData("", "words behind")]
    [InlineData("-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----\n", "")]
    [InlineData("", "-----BEGIN X509 CRL-----\nAAAA\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "")]
    public async Task AnythingBesideLists_IsExitOne(string before, string behind)
    {
        CliResult result = await OfflineAsync("--crl", Write(before + List + behind));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("nor PEM of revocation lists alone", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MoreListsThanAllowed_AreExitOne()
    {
        CliResult result = await OfflineAsync("--crl", Write(string.Concat(Enumerable.Repeat(List, 5))));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("at most 4 revocation lists, the files hold 5", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BundleThatIsOneListInDer_IsTakenOfflineAndByAService()
    {
        Assert.Equal(0, (await OfflineAsync("--require-crl", "--certs", Samples.Path("crl.der"))).ExitCode);

        V1.SnpEvidence evidence = await SentAsync("--certs", Samples.Path("crl.der"), "--chain", Samples.Path("chain.pem"));

        Assert.Single(SevSnp.Certificates.CertificateBundle.FromPem(evidence.Pem).RevocationLists);
    }

    [Fact]
    public async Task LeafThatIsAList_IsNoLeafOfflineNorForAService()
    {
        Assert.Equal(3, (await OfflineAsync("--vlek", Samples.Path("crl.der"))).ExitCode);

        V1.SnpEvidence evidence = await SentAsync("--vlek", Samples.Path("crl.der"));

        Assert.NotEmpty(SevSnp.Certificates.CertificateBundle.FromPem(evidence.Pem).Faults);
    }

    private static Task<CliResult> OfflineAsync(params string[] more) => Cli.RunAsync(
    [
        "verify", "--offline", "--report", Samples.Path("report.bin"), "--vcek", Samples.Path("vcek.der"), "--chain", Samples.Path("chain.pem"),
        "--unsafe-extra-root", Samples.Path("root.pem"), "--any-measurement-unsafe", "--unsafe-skip-report-data", .. more,
    ]);

    private static async Task<V1.SnpEvidence> SentAsync(params string[] more)
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(Verdicts.Accepted());
        Assert.Equal(0, (await service.RunAsync(["verify", "--report", Samples.Path("report.bin"), "--unsafe-skip-report-data", .. more])).ExitCode);
        return service.Answers.Request<V1.VerifyRequest>().Evidence.Snp;
    }

    private string Write(string text)
    {
        string path = Path.Combine(_folder.FullName, "lists.pem");
        File.WriteAllText(path, text);
        return path;
    }
}
