using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Verifier.Service.Web;
using Verifier.TestKit;
using Verifier.Tests.Web;

namespace Verifier.Tests.Rpc;

/// <summary>The rules of buf's STANDARD category that a descriptor shows, and that every element is documented (COMMENTS).</summary>
public sealed partial class ContractRulesTests
{
    private static IReadOnlyList<FileDescriptor> Files => WebRoutes.Files;

    private static IEnumerable<MessageDescriptor> Messages => Files.SelectMany(f => f.MessageTypes).SelectMany(WithNested);

    private static IEnumerable<EnumDescriptor> Enums => Files.SelectMany(f => f.EnumTypes).Concat(Messages.SelectMany(m => m.EnumTypes));

    private static IEnumerable<ServiceDescriptor> Services => Files.SelectMany(f => f.Services);

    [Fact]
    public void Files_AreWhereTheirPackageSays() => Assert.All(Files, f =>
    {
        Assert.Equal("verifier.v1", f.Package);
        Assert.Matches("^verifier/v1/[a-z][a-z0-9_]*\\.proto$", f.Name);
        Assert.Equal("Verifier.Contracts.V1", f.GetOptions().CsharpNamespace);
        Assert.Empty(f.PublicDependencies);
        Assert.Contains("syntax = \"proto3\";", Text(f), StringComparison.Ordinal);
    });

    [Fact]
    public void Imports_AreUsed() => Assert.All(Files, f => Assert.All(f.Dependencies, d =>
        Assert.True(
            Messages.Where(m => m.File == f).SelectMany(m => m.Fields.InDeclarationOrder()).Any(field => FileOf(field) == d)
            || (d.Name == "google/api/annotations.proto" && f.Services.SelectMany(s => s.Methods).Any(m => WebRoutes.RuleOf(m) is not null)),
            $"{f.Name} imports {d.Name} for nothing")));

    [Fact]
    public void Names_HaveTheirCase()
    {
        Assert.All(Messages, m => Assert.Matches(Pascal(), m.Name));
        Assert.All(Messages.SelectMany(m => m.Fields.InDeclarationOrder()), f => Assert.Matches(LowerSnake(), f.Name));
        Assert.All(Messages.SelectMany(m => m.Oneofs.Where(o => !o.IsSynthetic)), o => Assert.Matches(LowerSnake(), o.Name));
        Assert.All(Enums, e => Assert.Matches(Pascal(), e.Name));
        Assert.All(Services, s => Assert.Matches(Pascal(), s.Name));
    }

    [Fact]
    public void Enums_BeginUnspecified_AndCarryTheirPrefix() => Assert.All(Enums, e =>
    {
        string prefix = UpperSnake(e.Name) + "_";
        Assert.Equal((0, prefix + "UNSPECIFIED"), (e.Values[0].Number, e.Values[0].Name));
        Assert.All(e.Values, v => Assert.StartsWith(prefix, v.Name, StringComparison.Ordinal));
        Assert.All(e.Values, v => Assert.Matches("^[A-Z0-9_]+$", v.Name));
        Assert.Equal(e.Values.Count, e.Values.Select(v => v.Number).Distinct().Count());
    });

    [Fact]
    public void Services_AndMethods_AreNamedAndTypedByTheirRule()
    {
        Assert.All(Services, s => Assert.EndsWith("Service", s.Name, StringComparison.Ordinal));
        MethodDescriptor[] methods = [.. Services.SelectMany(s => s.Methods)];
        Assert.All(methods, m => Assert.Equal((m.Name + "Request", m.Name + "Response"), (m.InputType.Name, m.OutputType.Name)));
        Assert.Equal(methods.Length * 2, methods.SelectMany(m => new[] { m.InputType, m.OutputType }).Distinct().Count());
    }

    [Fact]
    public void Methods_AreCalledOverHttp_AsAip127Says() => Assert.All(Services.SelectMany(s => s.Methods), m =>
    {
        if (WebRoutes.RuleOf(m) is not { } rule)
        {
            // Streams from the caller cannot be, and a copy is of use only to one of those.
            Assert.True(m.IsClientStreaming || m.Name == "ExportTenant", m.FullName);
            return;
        }

        string verb = m.Name.StartsWith("Create", StringComparison.Ordinal) ? "Post"
            : m.Name.StartsWith("Update", StringComparison.Ordinal) || m.Name == "ApplyPolicy" ? "Put"
            : m.Name.StartsWith("Delete", StringComparison.Ordinal) ? "Delete"
            : m.Name.StartsWith("Get", StringComparison.Ordinal) || m.Name.StartsWith("List", StringComparison.Ordinal) || m.IsServerStreaming ? "Get" : "Post";
        Assert.Equal(verb, $"{rule.PatternCase}");
        Assert.Equal(verb is "Post" or "Put", rule.Body.Length > 0);
        Assert.True(rule.Body is "" or "*" || m.InputType.FindFieldByName(rule.Body) is { FieldType: FieldType.Message, IsRepeated: false }, m.FullName);
        Assert.Empty(rule.AdditionalBindings);
        Assert.Empty(rule.ResponseBody);
        Assert.Matches(@"^/v1/tenants$|^/v1/(\{[a-z_.]+=tenants/\*(/[a-zA-Z]+/\*)?\}|tenants/\{tenant\})(/[a-zA-Z]+)*(:[a-zA-Z]+)?$", JsonRoute.Pattern(rule));
    });

    [Fact]
    public void EveryElement_IsDocumented() => Assert.All(Files, f =>
    {
        string[] lines = Text(f).Split('\n');
        for (int i = 1; i < lines.Length; i++)
        {
            bool isElement = Element().IsMatch(lines[i]);
            Assert.True(!isElement || lines[i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal), $"{f.Name}:{i + 1} is not documented: {lines[i]}");
        }
    });

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) => message.NestedTypes.SelectMany(WithNested).Prepend(message);

    private static FileDescriptor? FileOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.File,
        FieldType.Enum => field.EnumType.File,
        _ => null,
    };

    private static string Text(FileDescriptor file) => File.ReadAllText(RepositoryRoot.Combine("protos", file.Name));

    private static string UpperSnake(string name) => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*$")]
    private static partial Regex Pascal();

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex LowerSnake();

    [GeneratedRegex(@"^\s*(message|enum|service|rpc|oneof) |^\s+[\w. ]+ [a-z_0-9]+ = \d+;|^\s+[A-Z_0-9]+ = \d+;")]
    private static partial Regex Element();
}
