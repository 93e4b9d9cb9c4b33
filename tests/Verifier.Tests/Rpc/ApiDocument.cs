using System.Text;
using Google.Protobuf.Reflection;
using Verifier.Service.Rpc;
using Verifier.Service.Web;
using Verifier.Tests.Web;
using Role = Verifier.Service.Identity.Rules.Role;

namespace Verifier.Tests.Rpc;

/// <summary>docs/api.md, written from the contract, its comments and the table of rights.</summary>
internal sealed class ApiDocument
{
    private const string Package = "verifier.v1.";

    private readonly Dictionary<string, string> _comments = WebRoutes.Files.SelectMany(ProtoComments.Read).ToDictionary(c => c.Key, c => c.Value);
    private readonly StringBuilder _text = new();

    /// <summary>Elements without a comment.</summary>
    public List<string> Silent { get; } = [];

    /// <summary>Headings that something links to, as anchors.</summary>
    public List<string> Anchors { get; } = [];

    public string Write()
    {
        Line("""
            # API reference

            Written from `protos/verifier/v1` and held against it by a test; change the comments there, not this page. Errors are explained in
            [errors.md](errors.md), JSON over HTTP in [http.md](http.md), what a role is in [identity.md](identity.md). Where a field is left out, it has the
            default of its type (0, empty, false), unless it is `optional` or a message: then it is absent, and its comment says what that means.

            ## Contents

            """);
        foreach (ServiceDescriptor service in Services)
        {
            Line($"- {Link(service.Name)}: {string.Join(", ", service.Methods.Select(m => Link($"{service.Name}.{m.Name}", m.Name)))}");
        }

        foreach (FileDescriptor file in Ordered)
        {
            Line($"- `{file.Name}`: {string.Join(", ", Types(file).Select(t => Link(Short(t.FullName))))}");
        }

        foreach (ServiceDescriptor service in Services)
        {
            Write(service);
        }

        foreach (FileDescriptor file in Ordered)
        {
            Line($"\n## {file.Name}\n\n{Comment(file.Name)}");
            foreach (IDescriptor type in Types(file))
            {
                Heading(3, Short(type.FullName), Comment(type.FullName));
                Line(type is MessageDescriptor message ? Table(message) : Table((EnumDescriptor)type));
            }
        }

        return _text.ToString();
    }

    public static string Anchor(string heading) => heading.Replace(".", "", StringComparison.Ordinal).ToLowerInvariant();

    private static IEnumerable<FileDescriptor> Ordered => WebRoutes.Files.Skip(1).Append(WebRoutes.Files[0]);

    private static IEnumerable<ServiceDescriptor> Services => Ordered.SelectMany(f => f.Services);

    private static IEnumerable<IDescriptor> Types(FileDescriptor file) => file.EnumTypes.Cast<IDescriptor>().Concat(file.MessageTypes.SelectMany(WithNested));

    private static IEnumerable<IDescriptor> WithNested(MessageDescriptor message) =>
        message.NestedTypes.Where(n => !n.GetOptions()?.MapEntry ?? true).SelectMany(WithNested).Prepend(message).Concat(message.EnumTypes);

    private void Write(ServiceDescriptor service)
    {
        Heading(2, service.Name, Comment(service.FullName));
        foreach (MethodDescriptor method in service.Methods)
        {
            Heading(3, $"{service.Name}.{method.Name}", Comment(method.FullName));
            Role role = MethodRights.Of($"/{service.FullName}/{method.Name}")!.Role;
            string http = WebRoutes.RuleOf(method) is { } rule
                ? $"`{rule.PatternCase.ToString().ToUpperInvariant()} {JsonRoute.Pattern(rule)}`{rule.Body switch { "" => "", "*" => ", body: the request", var field => $", body: `{field}`" }}"
                : "none";
            Line($"""

                - gRPC: `/{service.FullName}/{method.Name}`
                - HTTP: {http}
                - Request: {(method.IsClientStreaming ? "stream of " : "")}{Link(Short(method.InputType.FullName))}
                - Response: {(method.IsServerStreaming ? "stream of " : "")}{Link(Short(method.OutputType.FullName))}
                - Role: {role.ToString().ToLowerInvariant()}
                """);
        }
    }

    private string Table(MessageDescriptor message)
    {
        if (message.Fields.InDeclarationOrder().Count == 0)
        {
            return "\nNo fields.";
        }

        StringBuilder table = new();
        foreach (OneofDescriptor oneof in message.Oneofs.Where(o => !o.IsSynthetic))
        {
            table.Append($"\nOne of `{oneof.Name}`: {string.Join(", ", oneof.Fields.Select(f => $"`{f.Name}`"))}. {Comment($"{message.FullName}.{oneof.Name}")}\n");
        }

        table.Append("\n| No. | Field | Type | Meaning |\n|---|---|---|---|");
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
        {
            table.Append($"\n| {field.FieldNumber} | `{field.Name}` | {Type(field)} | {Cell(Comment(field.FullName))} |");
        }

        return table.ToString();
    }

    private string Table(EnumDescriptor type)
    {
        IEnumerable<string> rows = type.Values.Select(v => $"| {v.Number} | `{v.Name}` | {Cell(Comment($"{type.FullName}.{v.Name}"))} |");
        return $"\n| No. | Value | Meaning |\n|---|---|---|\n{string.Join('\n', rows)}";
    }

    private static string Type(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            IList<FieldDescriptor> entry = field.MessageType.Fields.InDeclarationOrder();
            return $"map of {Type(entry[0])} to {Type(entry[1])}";
        }

        string name = field.FieldType switch
        {
            FieldType.Message => Named(field.MessageType),
            FieldType.Enum => Named(field.EnumType),
            _ => field.FieldType.ToString().ToLowerInvariant(),
        };
        return field.IsRepeated ? $"repeated {name}" : field.HasPresence && field.FieldType != FieldType.Message && field.RealContainingOneof is null ? $"optional {name}" : name;
    }

    private static string Named(IDescriptor type) => type.FullName.StartsWith(Package, StringComparison.Ordinal) ? Link(Short(type.FullName)) : $"`{type.FullName}`";

    private static string Short(string fullName) => fullName[Package.Length..];

    private static string Link(string heading, string? text = null) => $"[{text ?? heading}](#{Anchor(heading)})";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private string Comment(string name)
    {
        if (_comments.TryGetValue(name, out string? comment))
        {
            return comment;
        }

        Silent.Add(name);
        return "";
    }

    private void Heading(int level, string heading, string comment)
    {
        Anchors.Add(Anchor(heading));
        Line($"\n{new string('#', level)} {heading}\n\n{comment}");
    }

    private void Line(string line) => _text.Append(line).Append('\n');
}
