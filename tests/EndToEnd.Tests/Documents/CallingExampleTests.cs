using Grpc.Net.Client;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Documents;

/// <summary>The example of docs/calling.md is this code, and does what it says.</summary>
public sealed class CallingExampleTests
{
    private static readonly Scenario Guest = Scenario.Vcek();

    [Fact]
    public void Document_ShowsTheExampleAsItIsRun()
    {
        string[] source = File.ReadAllText(RepositoryRoot.Combine("tests", "EndToEnd.Tests", "Documents", "CallingExample.cs")).Split(["    // begin\n", "    // end\n"], StringSplitOptions.None);
        string code = string.Join('\n', source[1].Split('\n').Select(l => l.StartsWith("    ", StringComparison.Ordinal) ? l[4..] : l));

        Assert.Contains($"```csharp\n{code}```", File.ReadAllText(RepositoryRoot.Combine("docs", "calling.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegisteredGuest_IsTrusted_AndNoOther()
    {
        await using RunningService service = await RunningService.StartAsync(roots: Guest.Amd.Roots);
        using GrpcChannel channel = GrpcChannel.ForAddress(service.Address);
        Assert.False(await AskAsync(channel));

        await service.RegisterAsync("guest", Guest.Report.Measurement);
        Assert.True(await AskAsync(channel));
        Assert.False(await AskAsync(channel, nonce => nonce[0] ^= 1));
    }

    private static Task<bool> AskAsync(GrpcChannel channel, Action<byte[]>? spoil = null)
    {
        byte[] nonce = [.. Guest.Report.ReportData];
        spoil?.Invoke(nonce);
        return CallingExample.IsTrustedAsync(channel, Guest.SignReport(), Guest.CertificatesPem, nonce);
    }
}
