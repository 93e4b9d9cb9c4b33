using System.Xml.Linq;

namespace Verifier.Architecture.Tests;

/// <summary>What a project file asks for.</summary>
internal sealed record ProjectFile(string Path, IReadOnlyList<string> Packages, IReadOnlyList<string> BuildPackages, IReadOnlyList<string> Projects, bool NamesVersions)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public bool IsProduction => Path.StartsWith("src/", StringComparison.Ordinal);

    public static ProjectFile Read(string path) => Parse(path, Repository.Read(path));

    public static ProjectFile Parse(string path, string xml)
    {
        XElement[] packages = [.. XDocument.Parse(xml).Descendants("PackageReference")];
        return new ProjectFile(
            path,
            [.. packages.Where(p => !IsForBuildOnly(p)).Select(Include)],
            [.. packages.Where(IsForBuildOnly).Select(Include)],
            [.. XDocument.Parse(xml).Descendants("ProjectReference").Select(p => Include(p).Replace('\\', '/').Split('/')[^1].Replace(".csproj", "", StringComparison.Ordinal))],
            packages.Any(p => p.Attribute("Version") is not null || p.Attribute("VersionOverride") is not null));
    }

    private static string Include(XElement element) => element.Attribute("Include")?.Value ?? "";

    // A package of which no asset flows on is a tool of the build: an analyzer, a generator.
    private static bool IsForBuildOnly(XElement package) => package.Attribute("PrivateAssets")?.Value == "all";
}
