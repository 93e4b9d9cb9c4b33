using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Verifier.TestKit;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

public sealed class VerifyOnlineTests
{
    private static readonly string Nonce = new('1', 128);

    private static string[] Command(params string[] more) => ["verify", "--report", Samples.Path("report.bin"), "--nonce", Nonce, .. more];

    [Fact]
    public async Task Accepted_IsExitZero()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(Verdicts.Accepted());

        CliResult result = await service.RunAsync(Command());

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("ACCEPTED\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("coconut-svsm 2026.11", result.Out, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Refused_IsExitFourWithWhatToDo()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(Verdicts.Refused());

        CliResult result = await service.RunAsync(Command());

        Assert.Equal(4, result.ExitCode);
        Assert.StartsWith("REJECTED", result.Out, StringComparison.Ordinal);
        Assert.Contains("DEBUG_IS_OFF\n    expected  debugging forbidden\n    actual    guest policy 0xb0000\n    to do     Launch the guest without the debug bit.\n", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_CarriesEverythingThatWasGiven()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(Verdicts.Accepted());
        CliResult result = await service.RunAsync(Command(
            "--vcek", Samples.Path("vcek.der"), "--chain", Samples.Path("chain.pem"), "--crl", Samples.Path("crl.der"), "--tenant", "blue", "--image", "coconut-svsm",
            "--kind", "svsm-igvm", "--kind", "stage1", "--vmpl", "2", "--vmpl", "0", "--min-report-version", "5", "--host-data", new string('2', 64)));

        Assert.Equal(0, result.ExitCode);
        V1.VerifyRequest request = service.Answers.Request<V1.VerifyRequest>();
        V1.SnpEvidence evidence = request.Evidence.Snp;
        Assert.Equal("blue", request.Tenant);
        Assert.Equal(Samples.Read("report.bin"), evidence.Report.ToByteArray());
        Assert.Equal(3, evidence.Pem.Split("-----BEGIN CERTIFICATE-----").Length - 1);
        Assert.Equal(Samples.Read("crl.der"), Assert.Single(evidence.RevocationLists).ToByteArray());
        Assert.Equal(Convert.FromHexString(Nonce), request.Binding.Nonce.ToByteArray());
        Assert.Equal("coconut-svsm", request.Expectations.Image);
        Assert.Equal([V1.LaunchKind.SvsmIgvm, V1.LaunchKind.Stage1], request.Expectations.Kinds);
        Assert.Equal([0u, 2u], request.Expectations.Constraints.Vmpls.Values);
        Assert.Equal(5u, request.Expectations.Constraints.MinReportVersion);
        Assert.Equal(32, request.Expectations.Constraints.HostData.Length);
        Assert.Null(service.Answers.Asked.Single().Authorization);
    }

    [Fact]
    public async Task NothingExpected_StatesNothing()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(Verdicts.Accepted());
        await service.RunAsync("verify", "--report", Samples.Path("report.bin"), "--unsafe-skip-report-data");

        V1.VerifyRequest request = service.Answers.Request<V1.VerifyRequest>();
        Assert.Null(request.Binding);
        Assert.Null(request.Expectations.Constraints);
        Assert.Equal(V1.SnpEvidence.CertificatesOneofCase.None, request.Evidence.Snp.CertificatesCase);
    }

    [Fact]
    public async Task SvsmManifest_IsSentWithItsNonce()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(Verdicts.Accepted());
        await service.RunAsync(Command("--svsm-manifest", Samples.Path("sample.json")));

        V1.SvsmManifestBinding binding = service.Answers.Request<V1.VerifyRequest>().Binding.SvsmManifest;
        Assert.Equal(Convert.FromHexString(Nonce), binding.Nonce.ToByteArray());
        Assert.Equal(Samples.Read("sample.json"), binding.Manifest.ToByteArray());
    }

    [Fact]
    public async Task MalformedEvidence_IsExitTwoWithOffsetAndRule()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Fail(
            StatusCode.InvalidArgument,
            "evidence.snp.report: REPORT_VERSION_IS_ALLOWED: VERSION at offset 0x0: must be 2",
            Answers.Reason("MALFORMED_EVIDENCE", ("check", "REPORT_VERSION_IS_ALLOWED"), ("field", "VERSION"), ("offset", "0"), ("rule", "must be 2")));

        CliResult result = await service.RunAsync(Command("--format", "json"));

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("malformed", result.Json.GetProperty("error").GetProperty("kind").GetString());
        Assert.Equal("REPORT_VERSION_IS_ALLOWED", result.Json.GetProperty("error").GetProperty("check").GetString());
        Assert.Equal(0, result.Json.GetProperty("error").GetProperty("offset").GetInt32());
    }

    [Fact]
    public async Task BadRequest_IsExitOneAndNamesEachField()
    {
        await using FakeService service = await FakeService.StartAsync();
        BadRequest details = new();
        details.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = "binding", Description = "is required" });
        details.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = "expectations.image", Description = "is too long" });
        service.Answers.Fail(StatusCode.InvalidArgument, "binding: is required (and 1 more)", Answers.Reason("INVALID_REQUEST"), details);

        CliResult result = await service.RunAsync(Command());

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("error: binding: is required (and 1 more) (INVALID_REQUEST)\nerror: expectations.image: is too long\n", result.Error);
        Assert.Empty(result.Out);
    }

    [Fact]
    public async Task Outage_IsExitFiveWithRetryHint_AndNeverAVerdict()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Fail(
            StatusCode.Unavailable, "the registry cannot be asked now", Answers.Reason("STORE_UNAVAILABLE"), new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)) });

        CliResult result = await service.RunAsync(Command("--format", "json"));

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("hint: try again in 10 s\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(10, result.Json.GetProperty("error").GetProperty("retry_after_seconds").GetDouble());
        Assert.False(result.Json.TryGetProperty("outcome", out _));
    }

    [Fact]
    public async Task ServiceThatFetchesNothing_IsExitFiveWithWhatToGive()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Fail(StatusCode.FailedPrecondition, "certificates are missing", Answers.Reason("KDS_OFFLINE"));

        CliResult result = await service.RunAsync(Command());

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("--vcek", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyListens_IsExitFive()
    {
        string address;
        await using (FakeService gone = await FakeService.StartAsync())
        {
            address = gone.Address;
        }

        CliResult result = await Cli.RunAsync(Command("--server", address, "--timeout", "5"));

        Assert.Equal(5, result.ExitCode);
        Assert.Contains($"error: {address}", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: is the service running there?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownTenant_IsExitOne()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Fail(StatusCode.NotFound, "there is no such tenant", Answers.Reason("TENANT_NOT_FOUND"));

        Assert.Equal(1, (await service.RunAsync(Command("--tenant", "gone"))).ExitCode);
    }

    [Fact]
    public async Task TableWithOtherFiles_IsExitOne()
    {
        await using FakeService service = await FakeService.StartAsync();
        string table = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(table, new byte[24], TestContext.Current.CancellationToken);

            CliResult both = await service.RunAsync(Command("--certs", table, "--vcek", Samples.Path("vcek.der")));
            service.Answers.Give(Verdicts.Accepted());
            CliResult alone = await service.RunAsync(Command("--certs", table));

            Assert.Equal((1, 0), (both.ExitCode, alone.ExitCode));
            Assert.Equal(24, service.Answers.Request<V1.VerifyRequest>().Evidence.Snp.Table.Length);
        }
        finally
        {
            File.Delete(table);
        }
    }
}
