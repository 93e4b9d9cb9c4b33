using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Log;

/// <summary>A tenant, by the command line, from one service to another.</summary>
public sealed class TenantCopyTests
{
    private static readonly Scenario Guest = Scenario.Vcek();

    [Fact]
    public async Task ExportedTenant_IsJudgedTheSameAfterItsImport()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("verifier-copy-").FullName, "default.jsonl");
        await using RunningService one = await RunningService.StartAsync(roots: Guest.Amd.Roots);
        await one.RegisterAsync("guest", Guest.Report.Measurement);
        await one.RegisterAsync("other", [.. Guest.Report.Measurement[..47], 1]);
        await one.Registry.RevokeReferenceValueAsync(
            new() { Name = Requests.Name("other"), Reason = "test", RequestId = Guid.NewGuid().ToString() }, RunningService.Registrar, cancellationToken: TestContext.Current.CancellationToken);
        await using RunningService two = await RunningService.StartAsync([$"--Log:KeyFile={Path.Combine(one.DataDirectory, "log-key.pem")}"], Guest.Amd.Roots);

        (int ExitCode, string Output, string Error) refused = await CommandLineTool.RunAsync("log", "export", "--out", file, "--server", one.Address);
        (int ExitCode, string Output, string Error) exported = await CommandLineTool.RunAsync("log", "export", "--out", file, "--server", one.Address, "--token-file", one.TokenFile);
        (int ExitCode, string Output, string Error) stranger = await CommandLineTool.RunAsync("log", "import", file, "--server", two.Address);
        (int ExitCode, string Output, string Error) imported = await CommandLineTool.RunAsync("log", "import", file, "--server", two.Address, "--token-file", two.TokenFile);
        (int ExitCode, string Output, string Error) again = await CommandLineTool.RunAsync("log", "import", file, "--server", two.Address, "--token-file", two.TokenFile);

        Assert.Equal((1, 0, 1, 0, 4), (refused.ExitCode, exported.ExitCode, stranger.ExitCode, imported.ExitCode, again.ExitCode));
        Assert.Contains("TENANT_NOT_EMPTY", again.Error, StringComparison.Ordinal);
        AttestationVerdict verdict = await two.VerifyAsync(Requests.Verify(Guest, Guest.Certificates));
        Assert.Equal((Outcome.Accepted, Requests.Name("guest")), (verdict.Outcome, verdict.Reference.Name));
        GetReferenceValueRequest other = new() { Name = Requests.Name("other") };
        Assert.Equal(
            (await one.Registry.GetReferenceValueAsync(other, cancellationToken: TestContext.Current.CancellationToken)).ReferenceValue,
            (await two.Registry.GetReferenceValueAsync(other, cancellationToken: TestContext.Current.CancellationToken)).ReferenceValue);

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("\"entry\":\"e", "\"entry\":\"f", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await using RunningService three = await RunningService.StartAsync([$"--Log:KeyFile={Path.Combine(one.DataDirectory, "log-key.pem")}"], Guest.Amd.Roots);
        (int ExitCode, string Output, string Error) changed = await CommandLineTool.RunAsync("log", "import", file, "--server", three.Address, "--token-file", three.TokenFile);
        Assert.Equal(1, changed.ExitCode);
        Assert.Contains("COPY_REFUSED", changed.Error, StringComparison.Ordinal);
    }
}
