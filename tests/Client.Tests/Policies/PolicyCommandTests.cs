using System.Text;
using System.Text.Json;
using Google.Protobuf;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Policies.Documents;
using Verifier.Client.Policies;
using Verifier.Client.Tests.Online;
using Verifier.TestKit;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Policies;

/// <summary><c>policy apply</c>, <c>show</c>, <c>list</c>, <c>delete</c> and <c>test</c>.</summary>
public sealed class PolicyCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifierctl-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Apply_SendsTheWholeFile()
    {
        await using FakeService service = await FakeService.StartAsync();
        AppraisalPolicy policy = PolicyFile.Read(new FileInfo(Write("p.yaml", PolicyFileTests.Example())));
        service.Answers.Give(new V1.ApplyPolicyResponse { Policy = Stored(policy, 3) });
        CliResult result = await service.RunAsync("policy", "apply", Write("p.yaml", PolicyFileTests.Example()), "--reason", "floors", "--etag", "\"2\"");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("production@3", result.Out, StringComparison.Ordinal);
        V1.ApplyPolicyRequest request = service.Answers.Request<V1.ApplyPolicyRequest>();
        Assert.Equal(("tenants/default/policies/production", "floors", "\"2\"", false), (request.Policy.Name, request.Reason, request.Etag, request.ValidateOnly));
        Assert.Equal(3, request.Policy.Rules.Constraints.TcbFloors.Count);
        Assert.Equal(["image", "kinds", "vmpls", "host_data"], request.Policy.Rules.RequestsMayState.Names);
        Assert.True(Guid.TryParse(request.RequestId, out _));
    }

    [Fact]
    public async Task Apply_AnswerWithAnotherPolicy_IsNoSuccess()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.ApplyPolicyResponse { Policy = Stored(AppraisalPolicy.Default with { UnsafeAllowDebug = true }, 1) });
        CliResult result = await service.RunAsync("policy", "apply", Write("p.yaml", "name: default\nv: 1\n"));
        Assert.Equal(5, result.ExitCode);
        Assert.Contains("is not the policy of the file", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_TellsWhatLoosens()
    {
        await using FakeService service = await FakeService.StartAsync();
        AppraisalPolicy policy = AppraisalPolicy.Default with { Name = "default", UnsafeAllowDebug = true };
        service.Answers.Give(new V1.ApplyPolicyResponse { Policy = Stored(policy, 1), UnsafeSwitches = { "unsafe_allow_debug" } });
        CliResult result = await service.RunAsync("policy", "apply", Write("p.yaml", "name: default\nv: 1\nunsafe_allow_debug: true\n"));
        Assert.Equal((0, "warning: the policy default loosens: unsafe_allow_debug\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task Show_WritesWhatApplyTakesBack()
    {
        await using FakeService service = await FakeService.StartAsync();
        AppraisalPolicy policy = PolicyFile.Read(new FileInfo(Write("p.yaml", PolicyFileTests.Example())));
        service.Answers.Give(new V1.GetPolicyResponse { Policy = Stored(policy, 2) });
        CliResult shown = await service.RunAsync("policy", "show", "production@2");
        Assert.Equal(0, shown.ExitCode);
        AppraisalPolicy again = PolicyFile.Read(new FileInfo(Write("again.yaml", shown.Out)));
        Assert.Equal((policy.Name, policy.Identity.Sha256), (again.Name, again.Identity.Sha256));
        Assert.Equal("tenants/default/policies/production@2", service.Answers.Request<V1.GetPolicyRequest>().Name);
    }

    [Theory]
    [InlineData("sha")]
    [InlineData("document")]
    [InlineData("name")]
    public async Task Show_AnswerThatIsNoPolicy_IsNotWritten(string fault)
    {
        await using FakeService service = await FakeService.StartAsync();
        V1.Policy policy = Stored(AppraisalPolicy.Default, 1);
        policy.Sha256 = fault == "sha" ? ByteString.CopyFrom(new byte[32]) : policy.Sha256;
        policy.Document = fault == "document" ? ByteString.CopyFromUtf8("{\"v\":1,\"unsafe_allow_everything\":true}") : policy.Document;
        policy.Name = fault == "name" ? "tenants/default/policies/x\nunsafe_allow_debug: true" : policy.Name;
        service.Answers.Give(new V1.GetPolicyResponse { Policy = policy });
        CliResult result = await service.RunAsync("policy", "show", "default");
        Assert.Equal((5, ""), (result.ExitCode, result.Out));
    }

    [Fact]
    public async Task List_ShowsPoliciesAndVersions()
    {
        await using FakeService service = await FakeService.StartAsync();
        V1.Policy inForce = Stored(AppraisalPolicy.Default with { Name = "default" }, 4);
        inForce.InForce = true;
        service.Answers.Give(new V1.ListPoliciesResponse { Policies = { inForce } });
        service.Answers.Give(new V1.ListPolicyVersionsResponse { Policies = { inForce }, NextPageToken = "3" });
        CliResult list = await service.RunAsync("policy", "list");
        CliResult versions = await service.RunAsync("policy", "list", "--versions-of", "default", "--format", "json");
        Assert.StartsWith("default@4", list.Out, StringComparison.Ordinal);
        Assert.Contains("in force", list.Out, StringComparison.Ordinal);
        Assert.True(versions.Json.GetProperty("truncated").GetBoolean());
        Assert.Equal(4, versions.Json.GetProperty("policies")[0].GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Delete_NamesThePolicy()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.DeletePolicyResponse { Policy = Stored(AppraisalPolicy.Default with { Name = "draft" }, 1) });
        Assert.Equal(0, (await service.RunAsync("policy", "delete", "draft", "--tenant", "blue")).ExitCode);
        Assert.Equal("tenants/blue/policies/draft", service.Answers.Request<V1.DeletePolicyRequest>().Name);
    }

    [Fact]
    public async Task Test_WithoutReports_ChecksTheDraftAlone()
    {
        CliResult good = await Cli.RunAsync("policy", "test", Write("p.yaml", PolicyFileTests.Example()));
        Assert.Equal(0, good.ExitCode);
        Assert.Contains("production is well formed", good.Out, StringComparison.Ordinal);
        CliResult bad = await Cli.RunAsync("policy", "test", Write("bad.yaml", "name: x\nv: 1\nvmpl: [0]\n"));
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("bad.yaml:3:7: vmpl: there is no such member", bad.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", 0, "")]
    [InlineData("vmpls: [1]", "", 4, "VMPL_IS_ALLOWED")]
    [InlineData("", "vmpls: [1]", 0, "VMPL_IS_ALLOWED")]
    [InlineData("required_advisories: [AMD-SB-3019]", "", 0, "REQUIRED_ADVISORIES_ARE_MET")]
    [InlineData("required_advisories: [AMD-SB-3020]", "", 4, "REQUIRED_ADVISORIES_ARE_MET")]
    public async Task Test_TellsHowTheDraftDiffers(string draft, string current, int exitCode, string differing)
    {
        Scenario guest = Scenario.Vcek();
        CliResult result = await TestAsync(guest.SignReport(), guest, draft, current);
        Assert.Equal(exitCode, result.ExitCode);
        JsonElement report = Assert.Single(result.Json.GetProperty("reports").EnumerateArray());
        Assert.Equal(differing, string.Join(",", report.GetProperty("differing_checks").EnumerateArray().Select(c => c.GetString())));
    }

    [Fact]
    public async Task Test_ForgedReport_IsExitThree()
    {
        Scenario guest = Scenario.Vcek();
        byte[] report = guest.SignReport();
        report[0x90] ^= 1;
        Assert.Equal(3, (await TestAsync(report, guest, "", "")).ExitCode);
    }

    [Fact]
    public async Task Test_Online_AsksTheServiceForBoth()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.EvaluatePolicyResponse { Current = Verdicts.Accepted().Verdict, Draft = Verdicts.Accepted().Verdict });
        CliResult result = await service.RunAsync("policy", "test", Write("p.yaml", "name: x\nv: 1\nproducts: [milan]\n"), Write("r.bin", Scenario.Vcek().SignReport()), "--online");
        Assert.Equal(0, result.ExitCode);
        V1.EvaluatePolicyRequest request = service.Answers.Request<V1.EvaluatePolicyRequest>();
        Assert.Equal([V1.Product.Milan], request.Rules.Constraints.Products);
        Assert.Null(request.Binding);
    }

    [Theory]
    [InlineData("--online", "--current", "x.yaml")]
    [InlineData("--tenant", "blue", "--format", "json")]
    public async Task Test_OptionsOfTheOtherWay_AreRefused(params string[] options) =>
        Assert.Equal(1, (await Cli.RunAsync(["policy", "test", Write("p.yaml", "name: x\nv: 1\n"), .. options])).ExitCode);

    private Task<CliResult> TestAsync(byte[] report, Scenario guest, string draft, string current) => Cli.RunAsync(
        "policy", "test", Write("draft.yaml", $"name: draft\nv: 1\n{draft}\n"), Write("r.bin", report), "--current", Write("current.yaml", $"name: default\nv: 1\n{current}\n"),
        "--certs", Write("leaf.der", guest.Leaf.Certificate), "--certs", Write("chain.pem", Encoding.ASCII.GetBytes(guest.Amd.ChainPem(KeyKind.Vcek))),
        "--unsafe-extra-root", Write("root.der", guest.Root), "--format", "json");

    private static V1.Policy Stored(AppraisalPolicy policy, long version) => new()
    {
        Name = $"tenants/default/policies/{policy.Name}",
        Version = version,
        Sha256 = ByteString.CopyFrom(policy.Identity.Sha256.Span),
        Document = ByteString.CopyFrom(PolicyDocument.Write(policy)),
        Etag = $"\"{version}\"",
        Author = "registrar",
    };

    private string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
