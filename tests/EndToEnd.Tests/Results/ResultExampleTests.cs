using System.Text.Json;
using Google.Protobuf;
using Microsoft.IdentityModel.Tokens;
using SevSnp.Certificates;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Results;

/// <summary>Both examples of docs/results.md are the code that runs here, on results about real and simulated guests.</summary>
public sealed class ResultExampleTests(Jose jose) : IClassFixture<Jose>
{
    private const string Audience = "https://relying-party.example";
    private const string Vector = "genoa-v3-certtable";

    private static readonly string Document = File.ReadAllText(RepositoryRoot.Combine("docs", "results.md"));

    [Fact]
    public void Document_ShowsTheExampleAsItIsRun()
    {
        string[] source = File.ReadAllText(RepositoryRoot.Combine("tests", "EndToEnd.Tests", "Results", "ResultExample.cs")).Split(["    // begin\n", "    // end\n"], StringSplitOptions.None);
        string code = string.Join('\n', source[1].Split('\n').Select(l => l.StartsWith("    ", StringComparison.Ordinal) ? l[4..] : l));

        Assert.Contains($"```csharp\n{code}```", Document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RealGuest_IsTrusted_AndItsEvidenceIsHandedOut()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(Vector);
        byte[] nonce = Convert.FromHexString(vector.Report!.ReportData);
        await using RunningService service = await StartAsync();
        await service.RegisterAsync("real", Convert.FromHexString(vector.Report.Measurement));
        string token = await TokenAsync(service, vector.ReadReport(), nonce, PemOf(vector));

        JsonElement evidence = await ResultExample.CheckAsync(token, await KeysAsync(service), service.KeysAddress, Audience, nonce);
        Assert.Equal(vector.Report.Measurement, evidence.GetProperty("measurement").GetString());
        Assert.False(evidence.GetProperty("unsafe_extra_root").GetBoolean());
        await Assert.ThrowsAsync<SecurityTokenException>(async () => await ResultExample.CheckAsync(token, await KeysAsync(service), service.KeysAddress, Audience, new byte[64]));
        await Assert.ThrowsAsync<SecurityTokenException>(async () => await ResultExample.CheckAsync(token, await KeysAsync(service), service.KeysAddress, "other", nonce));

        jose.Demand();
        JsonElement seen = await jose.RunExampleAsync(NodeExample(), token, service.KeysAddress, Audience, nonce);
        Assert.Equal(vector.Report.Measurement, seen.GetProperty("measurement").GetString());
        Assert.Equal("not for this question", (await jose.RunExampleAsync(NodeExample(), token, service.KeysAddress, Audience, new byte[64])).GetProperty("error").GetString());
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", (await jose.RunExampleAsync(NodeExample(), token, service.KeysAddress, "other", nonce)).GetProperty("code").GetString());
    }

    // Accepted by a service that is configured for simulation; whoever is handed the result must not take it for AMD's hardware.
    [Fact]
    public async Task SimulatedGuest_IsNotTrusted()
    {
        Scenario guest = Scenario.Vcek();
        await using RunningService service = await StartAsync(guest.Amd.Roots);
        await service.RegisterAsync("guest", guest.Report.Measurement);
        string token = await TokenAsync(service, guest.SignReport(), guest.Report.ReportData, guest.CertificatesPem);

        await Assert.ThrowsAsync<SecurityTokenException>(async () =>
            await ResultExample.CheckAsync(token, await KeysAsync(service), service.KeysAddress, Audience, guest.Report.ReportData));
        jose.Demand();
        JsonElement said = await jose.RunExampleAsync(NodeExample(), token, service.KeysAddress, Audience, guest.Report.ReportData);
        Assert.Equal("not trusted: contraindicated", said.GetProperty("error").GetString());
    }

    private static string NodeExample() => Document.Split("```js\n")[1].Split("```")[0];

    // The examples go by the machine's clock, and so must the service.
    private static async Task<RunningService> StartAsync(TrustRoots? roots = null)
    {
        RunningService service = await RunningService.StartAsync(["--Tokens:Port=0"], roots);
        service.Clock.Now = TimeProvider.System.GetUtcNow();
        return service;
    }

    private static string PemOf(SnpVector vector) => CertificateBundle.TryFromFile(vector.ReadLeaf(), out CertificateBundle? leaf, out _)
        ? new System.Text.StringBuilder()
            .AppendJoin('\n', leaf.Certificates.Select(c => System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", c.Der.Span)))
            .Append('\n').Append(File.ReadAllText(vector.ChainPath)).ToString()
        : throw new InvalidOperationException("The leaf must parse.");

    private static async Task<JsonWebKeySet> KeysAsync(RunningService service)
    {
        using HttpClient http = new();
        return new JsonWebKeySet(await http.GetStringAsync(new Uri($"{service.KeysAddress}/.well-known/jwks.json"), TestContext.Current.CancellationToken));
    }

    private static async Task<string> TokenAsync(RunningService service, byte[] report, byte[] nonce, string pem)
    {
        VerifyRequest request = new()
        {
            Evidence = new Evidence { Snp = new SnpEvidence { Report = ByteString.CopyFrom(report), Pem = pem } },
            Binding = new ReportDataBinding { Nonce = ByteString.CopyFrom(nonce) },
            Result = new ResultRequest { Audience = Audience },
        };
        VerifyResponse response = await service.Verifier.VerifyAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(response.Verdict.Outcome == AttestationVerdict.Types.Outcome.Accepted, response.Verdict.Summary);
        return response.ResultToken;
    }
}
