using Verifier.TestKit;

namespace Verifier.Client.Tests;

public sealed class InspectCertTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifierctl-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task OneLeaf_IsVerified_ButOfTwoNoneIsPassedOver()
    {
        Scenario vcek = Scenario.Vcek(), vlek = Scenario.Vlek();
        string chain = Write("chain.pem", vcek.Amd.ChainPem(SevSnp.Launch.KeyKind.Vcek));
        string root = Write("root.pem", Pem.Certificates(vcek.Root));
        string[] verify = ["--chain", chain, "--unsafe-extra-root", root];

        CliResult one = await Cli.RunAsync(["inspect", "cert", Write("one.pem", Pem.Certificates(vcek.Leaf.Certificate)), .. verify]);
        CliResult both = await Cli.RunAsync(["inspect", "cert", Write("both.pem", Pem.Certificates(vcek.Leaf.Certificate, vlek.Leaf.Certificate)), .. verify]);

        Assert.Equal((0, 1), (one.ExitCode, both.ExitCode));
        Assert.StartsWith("CHAIN HOLDS", one.Out, StringComparison.Ordinal);
        Assert.Contains("--chain verifies one leaf", both.Error, StringComparison.Ordinal);
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
