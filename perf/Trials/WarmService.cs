using System.Text;
using SevSnp.Launch;
using Verifier.TestKit;

namespace Verifier.Perf.Trials;

/// <summary>A service as it is meant to run: TLS, a policy and the registry in a real Redis that syncs each write, signed results; and chips to ask about.</summary>
internal sealed class WarmService : IAsyncDisposable
{
    private const string Policy = """
        name: default
        v: 1
        description: of the trial
        min_report_version: 3
        vmpls: [0]
        signing_keys: [vcek]
        products: [milan]
        tcb_floors:
          - product: milan
            reported: {boot_loader: 4, snp: 24}
        revocation: required

        """;

    private readonly string _folder;
    private readonly Deployment _deployment;

    private WarmService(string folder, Deployment deployment, string client)
    {
        _folder = folder;
        _deployment = deployment;
        Load = new LoadTool(client, deployment);
    }

    public LoadTool Load { get; }

    /// <summary>Options of <c>bench</c> for a warm Verify.</summary>
    public string[] Verify => ["--evidence", Path.Combine(_folder, "chips")];

    /// <summary>The same with a signed result.</summary>
    public string[] VerifyWithResult => [.. Verify, "--audience", "https://relying-party.example"];

    public static async Task<WarmService> StartAsync(string service, string client, int chips)
    {
        string folder = Directory.CreateTempSubdirectory("verifier-warm-").FullName;
        VirtualAmd amd = VirtualAmd.Create(ProductLine.Milan);
        string root = Path.Combine(folder, "root.pem"), policy = Path.Combine(folder, "default.yaml");
        await File.WriteAllTextAsync(root, Pem.Certificates(amd.Ark.Certificate));
        await File.WriteAllTextAsync(policy, Policy, new UTF8Encoding(false));
        byte[] measurement = EvidenceFolders.Write(amd, Path.Combine(folder, "chips"), chips, "chip");
        WarmService warm = new(folder, await Deployment.StartAsync(new() { Service = service, Root = root, WithTls = true, WithResults = true }), client);
        await warm._deployment.RegisterAsync("perf", measurement);
        await warm.ApplyAsync(policy);
        return warm;
    }

    public async ValueTask DisposeAsync()
    {
        await _deployment.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ApplyAsync(string policy)
    {
        for (int tried = 0; ; tried++)
        {
            try
            {
                await Load.RunAsync(["policy", "apply", policy, "--reason", "trial", "--token-file", _deployment.TokenFile]);
                return;
            }
            catch (InvalidOperationException) when (tried < 20)
            {
                await Task.Delay(500);
            }
        }
    }
}
