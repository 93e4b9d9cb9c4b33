using System.Text;
using SevSnp.Policies;
using SevSnp.Policies.Documents;
using Verifier.Client.Policies;
using Verifier.TestKit;

namespace Verifier.Client.Tests.Policies;

public sealed class PolicyFileTests : IDisposable
{
    private const string Good = """
        # what production demands
        name: production
        v: 1
        description: "with a # that is no comment"
        vmpls: [0, 1]
        min_firmware: 1.55.29
        required_mitigations: 0x0b
        guest_policy:
          forbidden:
            - smt
          min_abi: 1.55
        tcb_floors:
          - product: milan
            cpu: 19/01/1
            reported: {snp: 24, microcode: 219}
        denied_chips: [1234567890123456]
        unsafe_allow_debug: true
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifierctl-");

    public static TheoryData<string, string, string> Faults => new()
    {
        { "vmpls: [0, 1]", "vmpls: [0, 4]", ":5:12: vmpls[1]: must be a whole number from 0 to 3" },
        { "vmpls: [0, 1]", "vmpls: [0, 1", ":5:10: is no well-formed YAML" },
        { "vmpls: [0, 1]", "vmpls: \"\\ud800\"", ":5:8: is no well-formed YAML" },
        { "vmpls: [0, 1]", "vmpls: \"\\UFFFFFFFF\"", ":5:6: is no well-formed YAML" },
        { "vmpls: [0, 1]", "vmpls: [0, 0x1]", ":5:12: vmpls[1]: must be a whole number from 0 to 3" },
        { "vmpls: [0, 1]", "vmpl: [0, 1]", ":5:7: vmpl: there is no such member" },
        { "vmpls: [0, 1]", "vmpls:", ":5:7: has no value; leave the member out" },
        { "vmpls: [0, 1]", "vmpls: ~", ":5:8: has no value; leave the member out" },
        { "vmpls: [0, 1]", "v: 1", ":5:1: v stands here twice" },
        { "vmpls: [0, 1]", "vmpls: &a [0, 1]", ":5:8: anchors, aliases and tags are not allowed" },
        { "vmpls: [0, 1]", "vmpls: *a", ":5:8: anchors, aliases and tags are not allowed" },
        { "vmpls: [0, 1]", "vmpls: !!seq [0, 1]", ":5:8: anchors, aliases and tags are not allowed" },
        { "vmpls: [0, 1]", "vmpls: [0, !!int 1]", ":5:12: anchors, aliases and tags are not allowed" },
        { "vmpls: [0, 1]", "vmpls: [[[[[[[[[[0]]]]]]]]]]", ":5:15: stands deeper than 8 levels" },
        { "vmpls: [0, 1]", "[0]: [0, 1]", ":5:1: must be the name of a member" },
        { "vmpls: [0, 1]", "\"\": [0, 1]", ":5:1: must be the name of a member" },
        { "vmpls: [0, 1]", "<<: {vmpls: [0]}", ":5:5: <<: there is no such member" },
        { "name: production", "name: Production", ":2:7: name: must be 1 to 63 of [a-z0-9-], beginning and ending with a letter or digit" },
        { "name: production", "name: [production]", ":2:7: must be a text" },
        { "name: production", "", ": must state its name, for example name: default" },
        { "v: 1", "v: \"1\"", ":3:4: v: must be a whole number from 1 to 1" },
        { "v: 1", "v: 01", ":3:4: v: must be a whole number from 1 to 1" },
        { "snp: 24", "snp: 2.4e1", ":15:21: tcb_floors[0].reported.snp: must be a whole number from 0 to 255" },
        { "cpu: 19/01/1", "cpu: 19/11/1", ":14:10: tcb_floors[0].cpu: is no CPU of Milan" },
        { "product: milan", "products: milan", ":13:5: tcb_floors[0]: must state its product" },
        { "unsafe_allow_debug: true", "unsafe_allow_debug: yes", ":17:21: unsafe_allow_debug: must be true or false, is a text" },
        { "unsafe_allow_debug: true", "unsafe_allow_debug: true\n---\nv: 1", ":18:1: there must be one document only" },
        { "# what production demands", "%YAML 1.2\n---", ":1:1: directives are not allowed" },
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void GoodFile_IsRead()
    {
        AppraisalPolicy policy = Read(Good);
        Assert.Equal(("production", "with a # that is no comment", 0xBUL), (policy.Name, policy.Description, policy.Constraints.RequiredMitigations));
        Assert.Equal([0U, 1U], policy.Constraints.Vmpls!.Order());
        Assert.Equal("1234567890123456".PadRight(128, '0'), Assert.Single(policy.Constraints.DeniedChips!).ToString());
        Assert.Equal(["unsafe_allow_debug"], policy.UnsafeSwitches);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void T53_OneChange_IsRefusedWithLineAndColumn(string there, string instead, string expected)
    {
        Assert.Contains(there, Good, StringComparison.Ordinal);
        CommandFailure failure = Assert.Throws<CommandFailure>(() => Read(Good.Replace(there, instead, StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        string[] all = [failure.Message, .. failure.Violations.Select(v => $"{v.Field}: {v.Description}")];
        Assert.Contains(all, text => text.EndsWith(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing")]
    [InlineData("- a list")]
    [InlineData("text")]
    [InlineData("{")]
    [InlineData("\t")]
    [InlineData("a: b: c")]
    [InlineData("\"")]
    [InlineData("? ? ? a")]
    [InlineData("name: \"\\ud800\"")]
    public void AnythingElse_IsRefused(string text) => Assert.Equal(ExitCode.Usage, Assert.Throws<CommandFailure>(() => Read(text)).ExitCode);

    [Fact]
    public void HostileFiles_AreRefusedInNoTime()
    {
        foreach (string text in (string[])[new string('[', 100_000), new string('{', 100_000), new string('-', 200_000), string.Concat(Enumerable.Repeat("- ", 100_000)), $"a: [{string.Join(',', Enumerable.Repeat('0', 60_000))}]", new string('a', 300_000)])
        {
            Assert.Throws<CommandFailure>(() => Read(text));
        }

        Assert.Throws<CommandFailure>(() => PolicyFile.Read(Write("latin.yaml", [0x76, 0x3a, 0xff])));
    }

    // Whatever is torn out or put in: a policy, or a failure that says where; never another exception.
    [Fact]
    public void DamagedFiles_AreReadOrRefused()
    {
        for (int i = 0; i < Good.Length; i++)
        {
            foreach (string damaged in (string[])[Good.Remove(i, 1), Good.Insert(i, "\""), Good.Insert(i, "["), Good.Insert(i, ": "), Good.Insert(i, "\n- "), Good[..i]])
            {
                try
                {
                    Assert.NotNull(Read(damaged));
                }
                catch (CommandFailure failure)
                {
                    Assert.Equal(ExitCode.Usage, failure.ExitCode);
                }
            }
        }
    }

    [Fact]
    public void WrittenYaml_IsReadBackToTheSameDocument()
    {
        foreach (string text in (string[])[Good, "name: least\nv: 1", Example()])
        {
            AppraisalPolicy policy = Read(text);
            byte[] document = PolicyDocument.Write(policy);
            string yaml = PolicyYaml.Write(policy.Name, document);
            AppraisalPolicy again = Read(yaml);
            Assert.Equal(Encoding.UTF8.GetString(document), Encoding.UTF8.GetString(PolicyDocument.Write(again)));
            Assert.Equal(policy.Name, again.Name);
            Assert.Equal(yaml, PolicyYaml.Write(again.Name, PolicyDocument.Write(again)));
        }
    }

    [Fact]
    public void ExampleOfTheDocument_IsReadWhole()
    {
        AppraisalPolicy policy = Read(Example());
        Assert.Equal(("production", RevocationRule.Required, 3), (policy.Name, policy.Revocation, policy.Constraints.TcbFloors.Count));
        Assert.Equal(["AMD-SB-3015", "AMD-SB-3019"], policy.RequiredAdvisories.Order());
        Assert.Empty(policy.UnsafeSwitches);
    }

    /// <summary>The first YAML block of docs/policies.md.</summary>
    internal static string Example()
    {
        string text = File.ReadAllText(RepositoryRoot.Combine("docs", "policies.md"));
        int start = text.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private AppraisalPolicy Read(string text) => PolicyFile.Read(Write("policy.yaml", Encoding.UTF8.GetBytes(text)));

    private FileInfo Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return new FileInfo(path);
    }
}
