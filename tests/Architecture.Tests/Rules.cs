using Microsoft.CodeAnalysis;

namespace Verifier.Architecture.Tests;

/// <summary>A rule about names: which uses break it.</summary>
internal static class Rules
{
    /// <summary>
    /// The folders of the library from the bottom up: a folder uses those before it, never those after it. The measuring line stands
    /// apart, since the judging line compares digests and never computes them.
    /// </summary>
    private static readonly string[] Judging =
        ["Primitives", "Checks", "Launch", "Crypto", "Reports", "Certificates", "Verification", "Policies", "Advisories", "References", "Judgement", "Explanation", "Results"];

    private static readonly string[] Measuring = ["Primitives", "Checks", "Launch", "Crypto", "Igvm", "Firmware", "IdBlocks", "Measurement"];

    /// <summary>Folders of the library that are in no list, so that a new one must take its place.</summary>
    public static IEnumerable<string> UnknownFolders(IEnumerable<SourceFile> files) =>
        files.Select(f => f.Folder.Split('/')[0]).Distinct().Where(f => !Judging.Contains(f) && !Measuring.Contains(f));

    /// <summary>Names of a folder of the library that stand above the folder that uses them.</summary>
    public static IEnumerable<Use> UpwardImports(IEnumerable<Use> uses) => uses.Where(u =>
    {
        string from = u.File.Folder.Split('/')[0];
        string? to = LibraryFolder(u.Namespace);
        return to is not null && to != from && !Below(Judging, from, to) && !Below(Measuring, from, to);
    });

    /// <summary>Policies are handed what was verified: they name no merely parsed report, and read no bytes of one.</summary>
    public static IEnumerable<Use> RawReportsInPolicies(IEnumerable<Use> uses) => uses.Where(u =>
        Within(u.File.Folder, ["Policies"])
        && (u.Symbol is INamedTypeSymbol { Name: "AttestationReport" }
            || u.Type is "SevSnp.Reports.ReportLayout" or "SevSnp.Primitives.WireReader"
            || (u.Type == "SevSnp.Reports.AttestationReport" && u.Symbol.Name is "SignedBytes" or "Bytes" or "TryParse")));

    /// <summary>Uses of an assembly outside the folders that may.</summary>
    public static IEnumerable<Use> AssemblyOutside(IEnumerable<Use> uses, Func<string, bool> assembly, params string[] folders) =>
        uses.Where(u => u.Assembly is { } name && assembly(name) && !Within(u.File.Folder, folders));

    /// <summary>Uses of types outside the folders that may.</summary>
    public static IEnumerable<Use> TypeOutside(IEnumerable<Use> uses, string[] types, params string[] folders) =>
        uses.Where(u => u.Type is { } type && types.Contains(type) && !Within(u.File.Folder, folders));

    /// <summary>Clocks other than TimeProvider, and environment variables, outside Program.cs.</summary>
    public static IEnumerable<Use> AmbientState(IEnumerable<Use> uses) => uses.Where(u =>
        !(u.File.Folder.Length == 0 && u.File.Path.EndsWith("/Program.cs", StringComparison.Ordinal))
        && (u.Type, u.Symbol.Name) is
            ("System.DateTime" or "System.DateTimeOffset", "Now" or "UtcNow" or "Today")
            or ("System.Environment", "GetEnvironmentVariable" or "GetEnvironmentVariables" or "ExpandEnvironmentVariables"));

    private static bool Below(string[] line, string from, string to) =>
        Array.IndexOf(line, from) is >= 0 and var above && Array.IndexOf(line, to) is >= 0 and var below && below < above;

    private static string? LibraryFolder(string name) => name.Split('.') is ["SevSnp", var folder, ..] ? folder : null;

    private static bool Within(string folder, string[] allowed) =>
        allowed.Any(a => folder == a || folder.StartsWith(a + "/", StringComparison.Ordinal));
}
