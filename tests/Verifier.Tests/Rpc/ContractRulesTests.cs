using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Verifier.Contracts.V1;
using Verifier.TestKit;

namespace Verifier.Tests.Rpc;

/// <summary>The rules of buf's STANDARD category that a descriptor shows, and that every element is documented (COMMENTS).</summary>
public sealed partial class ContractRulesTests
{
    private static readonly FileDescriptor[] Files = [CommonReflection.Descriptor, VerifierReflection.Descriptor, RegistryReflection.Descriptor, IdentityReflection.Descriptor];

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
        Assert.Contains(Messages.Where(m => m.File == f).SelectMany(m => m.Fields.InDeclarationOrder()), field => FileOf(field) == d)));

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
