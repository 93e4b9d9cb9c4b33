using YamlDotNet.RepresentationModel;

namespace Verifier.Architecture.Tests;

/// <summary>Forms for issues have what GitHub demands; a form that it cannot read is not offered, and nobody is told.</summary>
public sealed class IssueTemplateTests
{
    private static readonly string[] Attributes = ["description", "label", "value"];

    public static TheoryData<string> Forms =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, ".github", "ISSUE_TEMPLATE")).Select(f => Path.GetFileName(f)!).Where(f => f != "config.yml").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Form_IsWellFormed(string name) => Expect.None(Faults(Repository.Read($".github/ISSUE_TEMPLATE/{name}")));

    // An unquoted comma cuts a text of a flow mapping in two, which YAML does not mind.
    [Theory]
    [InlineData("name: A\ndescription: B\nbody: [{ type: textarea, id: a, attributes: { label: A, description: one, two } }]\n", "two")]
    [InlineData("name: A\ndescription: B\nbody: [{ type: textarea, id: a, attributes: { description: one } }]\n", "label")]
    [InlineData("name: A\nbody: [{ type: markdown, attributes: { value: one } }]\n", "description")]
    public void BadForm_IsSeen(string text, string fault) => Assert.Contains(Faults(text), f => f.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void Form_SendsWeaknessesElsewhere() =>
        Assert.Contains("SECURITY.md", Repository.Read(".github/ISSUE_TEMPLATE/bug.yml"), StringComparison.Ordinal);

    private static IEnumerable<string> Faults(string text)
    {
        YamlMappingNode form = Workflow.Parse(text);
        foreach (string name in new[] { "name", "description" }.Where(n => Workflow.Scalar(form, n) is null))
        {
            yield return $"has no {name}";
        }

        foreach (YamlMappingNode field in ((YamlSequenceNode)form.Children["body"]).Children.Cast<YamlMappingNode>())
        {
            YamlMappingNode attributes = (YamlMappingNode)field.Children["attributes"];
            foreach (YamlNode strange in attributes.Children.Keys.Where(k => !Attributes.Contains($"{k}")))
            {
                yield return $"a field cannot have {strange}";
            }

            string needed = Workflow.Scalar(field, "type") == "markdown" ? "value" : "label";
            if (Workflow.Scalar(attributes, needed) is null)
            {
                yield return $"a field has no {needed}";
            }
        }
    }
}
