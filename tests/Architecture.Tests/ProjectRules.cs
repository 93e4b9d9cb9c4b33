using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Verifier.Architecture.Tests;

/// <summary>Rules about project files; each returns what breaks it.</summary>
internal static partial class ProjectRules
{
    /// <summary>The packages of production code, by project. A new one is a decision, so it is written down here and in docs/dependencies.md.</summary>
    private static readonly Dictionary<string, string[]> RuntimePackages = new()
    {
        ["SevSnp"] = ["BouncyCastle.Cryptography"],
        ["Ledger"] = [],
        ["Contracts"] = ["Google.Api.CommonProtos", "Google.Protobuf", "Grpc.Core.Api"],
        ["Verifier"] =
        [
            "Grpc.AspNetCore", "Grpc.AspNetCore.HealthChecks", "Grpc.AspNetCore.Server.Reflection", "Grpc.AspNetCore.Web", "Grpc.Net.Client", "Grpc.StatusProto",
            "Microsoft.AspNetCore.Grpc.JsonTranscoding", "Microsoft.Data.Sqlite", "Microsoft.Extensions.Http.Resilience", "Microsoft.IdentityModel.JsonWebTokens", "OpenTelemetry.Exporter.OpenTelemetryProtocol",
            "OpenTelemetry.Exporter.Prometheus.AspNetCore",
            "OpenTelemetry.Extensions.Hosting", "OpenTelemetry.Instrumentation.AspNetCore", "OpenTelemetry.Instrumentation.Http", "OpenTelemetry.Instrumentation.Runtime",
            "StackExchange.Redis",
        ],
        ["Sdk"] = ["Grpc.Net.Client", "Grpc.StatusProto"],
        ["Client"] = ["Grpc.Net.Client", "Grpc.StatusProto", "Microsoft.IdentityModel.JsonWebTokens", "Spectre.Console", "System.CommandLine", "YamlDotNet"],
    };

    private static readonly Dictionary<string, string[]> ProjectReferences = new()
    {
        ["SevSnp"] = [],
        ["Contracts"] = [],
        ["Ledger"] = [],
        ["Verifier"] = ["SevSnp", "Contracts", "Ledger"],
        ["Sdk"] = ["Contracts"],
        ["Client"] = ["SevSnp", "Contracts", "Ledger", "Sdk"],
    };

    public static IEnumerable<string> UnlistedPackages(IEnumerable<ProjectFile> projects) => projects.Where(p => p.IsProduction)
        .SelectMany(p => Difference(p.Packages, RuntimePackages.GetValueOrDefault(p.Name, [])).Select(d => $"{p.Path}: package {d}"));

    public static IEnumerable<string> UnlistedProjects(IEnumerable<ProjectFile> projects) => projects.Where(p => p.IsProduction)
        .SelectMany(p => Difference(p.Projects, ProjectReferences.GetValueOrDefault(p.Name, [])).Select(d => $"{p.Path}: project {d}"));

    public static IEnumerable<string> OwnVersions(IEnumerable<ProjectFile> projects) =>
        projects.Where(p => p.NamesVersions).Select(p => $"{p.Path} names a version; versions stand in Directory.Packages.props");

    public static IEnumerable<string> OutsideSolution(IEnumerable<string> projects, string solution) =>
        projects.Where(p => !solution.Contains($"\"{p.Replace('/', '\\')}\"", StringComparison.Ordinal)).Select(p => $"{p} is not in Verifier.sln");

    /// <summary>Versions that are not exact, so that two builds may differ.</summary>
    public static IEnumerable<string> FloatingVersions(string props) => Versions(props)
        .Where(v => !ExactVersion().IsMatch(v.Version)).Select(v => $"{v.Name} {v.Version} is not an exact version");

    /// <summary>Packages that only one of the two lists names.</summary>
    public static IEnumerable<string> Undocumented(string props, string page) =>
        Difference([.. TableRow().Matches(PackageTables(page)).Select(m => m.Groups[1].Value)], [.. Versions(props).Select(v => v.Name)]);

    /// <summary>Rows without a licence or a reason.</summary>
    public static IEnumerable<string> UnexplainedRows(string page) => page.Split('\n')
        .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && l.Split('|') is not ["", { Length: > 2 }, { Length: > 2 }, { Length: > 2 }, ""]);

    public static IEnumerable<string> UnusedPackages(string props, IEnumerable<ProjectFile> projects, string testProps)
    {
        HashSet<string> used = [.. projects.SelectMany(p => p.Packages.Concat(p.BuildPackages)), .. ProjectFile.Parse("tests", testProps).Packages];
        return Versions(props).Where(v => !used.Contains(v.Name)).Select(v => $"no project uses {v.Name}");
    }

    private static IEnumerable<(string Name, string Version)> Versions(string props) => XDocument.Parse(props).Descendants("PackageVersion")
        .Select(v => (v.Attribute("Include")!.Value, v.Attribute("Version")!.Value));

    // The last table names tools, which are not packages of this file.
    private static string PackageTables(string page) => page.Split("## Tools")[0];

    private static IEnumerable<string> Difference(IReadOnlyList<string> actual, IReadOnlyList<string> listed) =>
        actual.Except(listed).Select(a => $"{a} is not listed").Concat(listed.Except(actual).Select(l => $"{l} is listed but not there"));

    [GeneratedRegex(@"^\d+\.\d+\.\d+(\.\d+)?(-[0-9A-Za-z.-]+)?$")]
    private static partial Regex ExactVersion();

    [GeneratedRegex(@"^\| (?!Package|-)(\S+) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
