using System.Text;
using SevSnp.Policies;
using SevSnp.Policies.Documents;
using Verifier.Client.Input;

namespace Verifier.Client.Policies;

/// <summary>A policy in a YAML file (docs/policies.md): its document, and its name.</summary>
internal static class PolicyFile
{
    private const string NameMember = "name";
    private const int LongestName = 63;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <exception cref="CommandFailure">It cannot be read, or breaks a rule; with line and column.</exception>
    public static AppraisalPolicy Read(FileInfo file) => Read(InputFile.Read(file, PolicyDocument.MaxSize));

    /// <summary>Reads what a file holds.</summary>
    /// <exception cref="CommandFailure">It breaks a rule; with line and column.</exception>
    public static AppraisalPolicy Read(InputFile file)
    {
        try
        {
            return Read(file.Name, Utf8.GetString(file.Bytes).TrimStart('\uFEFF'));
        }
        catch (DecoderFallbackException)
        {
            throw CommandFailure.Usage($"{file.Name}: is no text in UTF-8");
        }
    }

    private static AppraisalPolicy Read(string file, string text)
    {
        YamlText yaml;
        try
        {
            yaml = YamlReader.Read(text, aside: NameMember);
        }
        catch (YamlFault fault)
        {
            throw CommandFailure.Usage(Located(file, fault.Place, "", fault.Message));
        }

        if (!PolicyDocument.TryRead(yaml.Json, out AppraisalPolicy? policy, out IReadOnlyList<PolicyFault> faults))
        {
            (string Where, string Text)[] all = [.. faults.Select(f => (Located(file, yaml.PlaceOf(f.Path), f.Path, ""), f.Rule))];
            throw new CommandFailure(ExitCode.Usage, all[0].Where + all[0].Text, "docs/policies.md has every member of a policy") { Violations = [.. all.Skip(1).Select(a => (a.Where.TrimEnd(' ', ':'), a.Text))] };
        }

        if (yaml.Aside is not { } name)
        {
            throw CommandFailure.Usage($"{file}: must state its name, for example name: default");
        }

        return IsName(name)
            ? policy with { Name = name }
            : throw CommandFailure.Usage(Located(file, yaml.PlaceOf(NameMember), NameMember, "must be 1 to 63 of [a-z0-9-], beginning and ending with a letter or digit"));
    }

    public static bool IsName(string name) =>
        name.Length is >= 1 and <= LongestName
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && name[0] != '-'
        && name[^1] != '-';

    private static string Located(string file, TextPlace place, string path, string rule)
    {
        string where = place.Line == 0 ? file : $"{file}:{place.Line}:{place.Column}";
        return path.Length == 0 ? $"{where}: {rule}" : $"{where}: {path}: {rule}";
    }
}
