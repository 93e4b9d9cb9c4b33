using System.IO.Pipes;
using Google.Rpc;
using Grpc.Core;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

public sealed class RegistryCommandTests : IDisposable
{
    private static readonly string Digest = string.Concat(Enumerable.Repeat("ab", 48));
    private readonly string _token = Path.GetTempFileName();

    public RegistryCommandTests() => File.WriteAllText(_token, "s3cret\n");

    public void Dispose() => File.Delete(_token);

    private static V1.ReferenceValue Value(string id = "coconut", V1.ReferenceValue.Types.State state = V1.ReferenceValue.Types.State.Active) => new()
    {
        Name = $"tenants/default/referenceValues/{id}",
        Image = "coconut-svsm",
        Version = "2026.11",
        Kind = V1.LaunchKind.SvsmIgvm,
        State = state,
        Origin = V1.ReferenceValue.Types.Origin.Asserted,
        Registrar = "registrar",
        Etag = "7",
        Measurements = { new V1.LaunchMeasurement { Digest = Google.Protobuf.ByteString.CopyFrom(Convert.FromHexString(Digest)), Profile = "qemu-kvm", VcpuCount = 4 } },
    };

    [Fact]
    public async Task Register_SendsEverythingWithTheToken()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.CreateReferenceValueResponse { ReferenceValue = Value() });
        CliResult result = await service.RunAsync(
            "register", "coconut", "--measurement", Digest, "--measurement", new string('1', 96), "--image", "coconut-svsm", "--version", "2026.11", "--kind", "svsm-igvm",
            "--profile", "qemu-kvm", "--vcpus", "4", "--vmpl", "2", "--min-report-version", "3", "--expires", "2030-01-01T00:00:00Z", "--id-key", new string('2', 96), "--min-guest-svn", "3",
            "--family-id", new string('3', 32), "--repository", "https://example.org/svsm", "--commit", "0123abc", "--token-file", _token);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("ACTIVE  tenants/default/referenceValues/coconut", result.Out, StringComparison.Ordinal);
        V1.CreateReferenceValueRequest request = service.Answers.Request<V1.CreateReferenceValueRequest>();
        Assert.Equal(("tenants/default", "coconut"), (request.Parent, request.ReferenceValueId));
        Assert.True(Guid.TryParse(request.RequestId, out _));
        V1.ReferenceValue value = request.ReferenceValue;
        Assert.Equal(("coconut-svsm", "2026.11", V1.LaunchKind.SvsmIgvm), (value.Image, value.Version, value.Kind));
        Assert.Equal([Digest, new string('1', 96)], value.Measurements.Select(m => Convert.ToHexStringLower(m.Digest.Span)));
        Assert.All(value.Measurements, m => Assert.Equal(("qemu-kvm", 4u), (m.Profile, m.VcpuCount)));
        Assert.Equal([2u], value.Constraints.Vmpls.Values);
        Assert.Equal((3u, 3u), (value.Constraints.MinReportVersion, value.Constraints.Signer.Pinned.MinGuestSvn));
        Assert.Equal(16, value.Constraints.Signer.Pinned.FamilyId.Length);
        Assert.False(value.Constraints.Signer.Pinned.HasImageId);
        Assert.Equal(("https://example.org/svsm", "0123abc"), (value.Provenance.Repository, value.Provenance.Commit));
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), value.ExpireTime.ToDateTimeOffset());
        Assert.Equal("Bearer s3cret", service.Answers.Asked.Single().Authorization);
    }

    [Fact]
    public async Task Register_BySigner_SendsTheRuleInsteadOfMeasurements()
    {
        await using FakeService service = await FakeService.StartAsync();
        V1.ReferenceValue answer = Value();
        answer.Measurements.Clear();
        answer.AcceptBySigner = true;
        service.Answers.Give(new V1.CreateReferenceValueResponse { ReferenceValue = answer });
        string[] bySigner =
        [
            "register", "coconut", "--accept-by-signer", "--image", "coconut-svsm", "--version", "2026", "--kind", "svsm-igvm", "--id-key", new string('2', 96), "--min-guest-svn", "3",
            "--family-id", new string('3', 32), "--image-id", new string('4', 32), "--token-file", _token,
        ];

        CliResult result = await service.RunAsync(bySigner);
        CliResult both = await service.RunAsync([.. bySigner, "--measurement", Digest]);
        CliResult profiled = await service.RunAsync([.. bySigner, "--profile", "spec"]);

        Assert.Equal((0, 1, 1), (result.ExitCode, both.ExitCode, profiled.ExitCode));
        Assert.Contains("any that the signer below has signed", result.Out, StringComparison.Ordinal);
        V1.ReferenceValue value = service.Answers.Request<V1.CreateReferenceValueRequest>().ReferenceValue;
        Assert.True(value.AcceptBySigner);
        Assert.Empty(value.Measurements);
        Assert.Equal((3u, 16), (value.Constraints.Signer.Pinned.MinGuestSvn, value.Constraints.Signer.Pinned.ImageId.Length));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Register_SendsAnIgvmFile_InPieces(bool isNamedByFile)
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.igvm");
        byte[] content = [.. Enumerable.Range(0, (1 << 20) + 100).Select(i => (byte)i)];
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.RegisterIgvmResponse { ReferenceValue = Value() });

        string[] what = isNamedByFile ? [file] : ["coconut", "--igvm", file];
        CliResult result = await service.RunAsync(
            ["register", .. what, "--image", "coconut-svsm", "--version", "2026.11", "--kind", "svsm-igvm", "--profile", "qemu-kvm", "--vmsas", "4", "--measurement", Digest, "--token-file", _token]);
        File.Delete(file);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(Digest, result.Out, StringComparison.Ordinal);
        V1.IgvmRegistration sent = service.Answers.Request<V1.IgvmRegistration>();
        Assert.Equal((isNamedByFile ? "coconut-svsm-2026-11" : "coconut", (ulong)content.Length), (sent.ReferenceValueId, sent.Provenance.FileSize));
        Assert.Equal([("qemu-kvm", 4u)], sent.Launches.Select(l => (l.Profile, l.Vmsas)));
        Assert.Equal(Digest, Convert.ToHexStringLower(Assert.Single(sent.AssertedDigests).Span));
        Assert.Equal(content, service.Answers.File);
    }

    [Fact]
    public async Task Register_OfAPipe_IsExitOne()
    {
        await using AnonymousPipeServerStream pipe = new(PipeDirection.Out, HandleInheritability.None);
        string file = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";
        Assert.SkipUnless(File.Exists(file), "this system has no /proc");
        await using FakeService service = await FakeService.StartAsync();

        CliResult result = await service.RunAsync("register", "x", "--igvm", file, "--image", "i", "--version", "1", "--kind", "igvm", "--token-file", _token);

        Assert.Equal((1, ""), (result.ExitCode, result.Out));
        Assert.Contains("must be a file on disk", result.Error, StringComparison.Ordinal);
        Assert.Empty(service.Answers.Asked);
    }

    [Fact]
    public async Task Register_FromAReport_SendsItToBeAuthenticated()
    {
        string report = Path.GetTempFileName();
        byte[] content = [.. Enumerable.Repeat((byte)7, 1184)];
        await File.WriteAllBytesAsync(report, content, TestContext.Current.CancellationToken);
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.ObserveReferenceValueResponse { ReferenceValue = Value(state: V1.ReferenceValue.Types.State.Pending) });

        CliResult result = await service.RunAsync(
            "register", "coconut", "--from-report", report, "--image", "coconut-svsm", "--version", "2026.11", "--kind", "svsm-igvm", "--token-file", _token);
        File.Delete(report);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("PENDING", result.Out, StringComparison.Ordinal);
        V1.ObserveReferenceValueRequest request = service.Answers.Request<V1.ObserveReferenceValueRequest>();
        Assert.Equal(content, request.Evidence.Snp.Report.ToByteArray());
        Assert.Empty(request.ReferenceValue.Measurements);
    }

    [Fact]
    public async Task Register_OfAMalformedFile_IsExitCodeTwo()
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.igvm");
        await File.WriteAllBytesAsync(file, new byte[100], TestContext.Current.CancellationToken);
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Fail(StatusCode.InvalidArgument, "file: MAGIC_IS_WRONG", Answers.Reason("MALFORMED_FILE"));

        CliResult result = await service.RunAsync("register", file, "--image", "i", "--version", "1", "--kind", "igvm", "--token-file", _token);
        File.Delete(file);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("MAGIC_IS_WRONG", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_WithoutConstraints_StatesNone()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.CreateReferenceValueResponse { ReferenceValue = Value() });
        await service.RunAsync("register", "x", "--measurement", Digest, "--image", "i", "--version", "1", "--kind", "ovmf");

        V1.ReferenceValue value = service.Answers.Request<V1.CreateReferenceValueRequest>().ReferenceValue;
        Assert.Null(value.Constraints);
        Assert.Null(value.Provenance);
        Assert.Null(value.ExpireTime);
    }

    [Fact]
    public async Task MissingToken_IsExitOneWithHint()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Fail(StatusCode.Unauthenticated, "an identity is demanded", Answers.Reason("TOKEN_MISSING"));
        CliResult result = await service.RunAsync("deprecate", "coconut");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("hint: say who you are: --token-file FILE, --token-env NAME, or --client-cert with --client-key", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    public async Task TokenThatIsNone_IsExitOne(string content)
    {
        await File.WriteAllTextAsync(_token, content, TestContext.Current.CancellationToken);

        CliResult result = await Cli.RunAsync("deprecate", "x", "--token-file", _token);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a token is one line of printable characters", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RevokedMeasurement_IsExitFour()
    {
        await using FakeService service = await FakeService.StartAsync();
        PreconditionFailure details = new();
        details.Violations.Add(new PreconditionFailure.Types.Violation { Type = "MEASUREMENT_REVOKED", Subject = "measurements[0]", Description = "take it out" });
        service.Answers.Fail(StatusCode.FailedPrecondition, "a measurement is revoked", Answers.Reason("MEASUREMENT_REVOKED"), details);
        CliResult result = await service.RunAsync("register", "x", "--measurement", Digest, "--image", "i", "--version", "1", "--kind", "ovmf", "--format", "json");

        Assert.Equal(4, result.ExitCode);
        Assert.Equal(
            "error: a measurement is revoked (MEASUREMENT_REVOKED)\nerror: measurements[0]: take it out\nhint: verifierctl lookup tells why it was revoked\n", result.Error);
        Assert.Equal("MEASUREMENT_REVOKED", result.Json.GetProperty("error").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Changes_NameValueEtagAndReason()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.ActivateReferenceValueResponse { ReferenceValue = Value() });
        service.Answers.Give(new V1.DeprecateReferenceValueResponse { ReferenceValue = Value(state: V1.ReferenceValue.Types.State.Deprecated) });
        service.Answers.Give(new V1.RevokeReferenceValueResponse { ReferenceValue = Value(state: V1.ReferenceValue.Types.State.Revoked) });
        CliResult activated = await service.RunAsync("activate", "coconut", "--tenant", "blue");
        CliResult deprecated = await service.RunAsync("deprecate", "tenants/red/referenceValues/coconut", "--etag", "7");
        CliResult revoked = await service.RunAsync("revoke", "coconut", "--reason", "CVE-2026-0001", "--format", "json");

        Assert.Equal((0, 0, 0), (activated.ExitCode, deprecated.ExitCode, revoked.ExitCode));
        Assert.StartsWith("DEPRECATED", deprecated.Out, StringComparison.Ordinal);
        Assert.Equal("revoked", revoked.Json.GetProperty("state").GetString());
        object[] requests = [.. service.Answers.Asked.Select(a => a.Request)];
        Assert.Equal("tenants/blue/referenceValues/coconut", Assert.IsType<V1.ActivateReferenceValueRequest>(requests[0]).Name);
        V1.DeprecateReferenceValueRequest deprecate = Assert.IsType<V1.DeprecateReferenceValueRequest>(requests[1]);
        Assert.Equal(("tenants/red/referenceValues/coconut", "7"), (deprecate.Name, deprecate.Etag));
        V1.RevokeReferenceValueRequest revoke = Assert.IsType<V1.RevokeReferenceValueRequest>(requests[2]);
        Assert.Equal("CVE-2026-0001", revoke.Reason);
        Assert.True(Guid.TryParse(revoke.RequestId, out _));
    }

    [Fact]
    public async Task List_FollowsPages()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.ListReferenceValuesResponse { ReferenceValues = { Value("a"), Value("b") }, NextPageToken = "t" });
        service.Answers.Give(new V1.ListReferenceValuesResponse { ReferenceValues = { Value("c") } });
        CliResult result = await service.RunAsync("list", "--image", "coconut-svsm", "--state", "active", "--format", "json");

        Assert.Equal(3, result.Json.GetProperty("reference_values").GetArrayLength());
        Assert.False(result.Json.GetProperty("truncated").GetBoolean());
        V1.ListReferenceValuesRequest[] requests = [.. service.Answers.Asked.Select(a => a.Request).Cast<V1.ListReferenceValuesRequest>()];
        Assert.Equal(["", "t"], requests.Select(r => r.PageToken));
        Assert.All(requests, r => Assert.Equal(("coconut-svsm", V1.ReferenceValue.Types.State.Active), (r.Filter.Image, r.Filter.State)));
    }

    [Fact]
    public async Task List_WhosePageTokenStandsStill_IsNoCompleteList()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.ListReferenceValuesResponse { NextPageToken = "t" });
        service.Answers.Give(new V1.ListReferenceValuesResponse { NextPageToken = "t" });

        CliResult result = await service.RunAsync("list");

        Assert.Equal((5, ""), (result.ExitCode, result.Out));
        Assert.Equal(2, service.Answers.Asked.Count);
    }

    [Fact]
    public async Task List_ShowsNoMoreThanAskedFor_AndSaysSo()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.ListReferenceValuesResponse { ReferenceValues = { Value("a"), Value("b") } });
        CliResult result = await service.RunAsync("list", "--limit", "1");

        Assert.Contains("coconut-svsm 2026.11", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(" b ", result.Out, StringComparison.Ordinal);
        Assert.Contains("hint: there are more", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_TellsEverything()
    {
        await using FakeService service = await FakeService.StartAsync();
        V1.ReferenceValue value = Value();
        value.Constraints = new V1.Constraints { MinReportVersion = 3, Vmpls = new V1.VmplSet { Values = { 0, 2 } }, Signer = new V1.SignerRule { NoIdBlock = new() } };
        value.Constraints.TcbFloors.Add(new V1.TcbFloor { Product = V1.Product.Turin, Reported = new V1.TcbVersion { Fmc = 1, Microcode = 81 } });
        service.Answers.Give(new V1.GetReferenceValueResponse { ReferenceValue = value });
        CliResult result = await service.RunAsync("show", "coconut");

        foreach (string part in (string[])[$"{Digest} qemu-kvm, 4 vCPUs", "report version at least 3", "VMPL one of {0, 2}", "no ID block", "TCB floor for Turin: reported fmc 1", "asserted by registrar"])
        {
            Assert.Contains(part, result.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Lookup_TellsRevocation()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.LookupMeasurementResponse
        {
            ReferenceValues = { Value(state: V1.ReferenceValue.Types.State.Revoked) },
            Revocation = new() { Reason = "CVE-2026-0001", ReferenceValue = "tenants/default/referenceValues/coconut" },
        });
        CliResult result = await service.RunAsync("lookup", Digest.ToUpperInvariant());

        Assert.StartsWith("REVOKED  CVE-2026-0001\n", result.Out, StringComparison.Ordinal);
        Assert.Equal(48, service.Answers.Request<V1.LookupMeasurementRequest>().Digest.Length);
    }

    [Fact]
    public async Task Lookup_OfTheUnknown_IsExitFour()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Fail(StatusCode.NotFound, "the registry knows nothing of this measurement", Answers.Reason("MEASUREMENT_NOT_FOUND"));

        Assert.Equal(4, (await service.RunAsync("lookup", Digest)).ExitCode);
    }

    [Fact]
    public async Task AnswerWithoutValue_IsExitFive()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.GetReferenceValueResponse());

        Assert.Equal(5, (await service.RunAsync("show", "coconut")).ExitCode);
    }
}
