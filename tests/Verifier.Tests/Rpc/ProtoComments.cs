using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Verifier.TestKit;

namespace Verifier.Tests.Rpc;

/// <summary>The comments of a file of the contract, which generated code does not keep: each element's, by its full name.</summary>
internal static partial class ProtoComments
{
    public static IReadOnlyDictionary<string, string> Read(FileDescriptor file)
    {
        Dictionary<string, string> comments = [];
        Stack<string> scopes = new([file.Package]);
        List<string> comment = [];
        foreach (string line in File.ReadLines(RepositoryRoot.Combine("protos", file.Name)).Select(l => l.Trim()))
        {
            if (line.StartsWith("//", StringComparison.Ordinal))
            {
                comment.Add(line[2..].Trim());
                continue;
            }

            string? name = line.StartsWith("syntax", StringComparison.Ordinal) ? file.Name : Element().Match(line) is { Success: true } m ? $"{scopes.Peek()}.{m.Groups["name"].Value}" : null;
            if (name is not null && comment.Count > 0)
            {
                comments.Add(name, string.Join(' ', comment));
            }

            comment.Clear();
            if (line.EndsWith('{'))
            {
                // Members of a oneof are fields of their message.
                scopes.Push(name is null || line.StartsWith("oneof", StringComparison.Ordinal) ? scopes.Peek() : name);
            }
            else if (line.StartsWith('}'))
            {
                scopes.Pop();
            }
        }

        return comments;
    }

    [GeneratedRegex(@"^(message|enum|service|rpc|oneof) (?<name>\w+)|^[\w.<>, ]+ (?<name>[a-z_0-9]+) = \d+|^(?<name>[A-Z_0-9]+) = \d+")]
    private static partial Regex Element();
}
