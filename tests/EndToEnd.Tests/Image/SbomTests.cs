using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Image;

/// <summary>The list of what is in the image, held against what is in it.</summary>
public sealed class SbomTests(RunningImage image) : IClassFixture<RunningImage>
{
    private const int NotThere = 127;
    private const string Place = "usr/share/doc/verifier/sbom.cdx.json";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string[] Purls => [.. Bom()["components"]!.AsArray().Select(c => (string)c!["purl"]!)];

    [Fact]
    public void NuGetPackages_AreThoseThatThePublishedServiceLoads_InTheVersionsOfTheLockFile()
    {
        Podman.Demand();
        JsonNode libraries = JsonNode.Parse(File.ReadAllText($"{image.Root}/app/Verifier.Service.deps.json"))!["libraries"]!;
        string[] packages = [.. libraries.AsObject().Where(l => (string?)l.Value!["type"] == "package").Select(l => l.Key)];
        string[] runtimes = [.. libraries.AsObject().Where(l => (string?)l.Value!["type"] == "runtimepack").Select(l => l.Key["runtimepack.".Length..])];

        Assert.Equal(2, runtimes.Length);
        Assert.Equal(
            packages.Concat(runtimes).Select(p => $"pkg:nuget/{p.Replace('/', '@')}").Order(StringComparer.Ordinal),
            Purls.Where(p => p.StartsWith("pkg:nuget/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        JsonObject locked = JsonNode.Parse(File.ReadAllText(RepositoryRoot.Combine("src", "Verifier", "packages.lock.json")))!["dependencies"]!["net10.0"]!.AsObject();
        Assert.All(packages, p => Assert.Equal(p.Split('/')[1], (string?)locked[p.Split('/')[0]]!["resolved"]));
    }

    [Fact]
    public void DebianPackages_AreThoseThatLeftARecord()
    {
        Podman.Demand();
        IEnumerable<string> records = Directory.EnumerateFiles($"{image.Root}/var/lib/dpkg/status.d").Select(File.ReadAllText).Select(r =>
        {
            string Of(string name) => r.Split('\n').Single(l => l.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];
            return $"{Of("Package")} {Of("Version")} {Of("Architecture")}";
        });
        IEnumerable<string> listed = Bom()["components"]!.AsArray().Where(c => ((string)c!["purl"]!).StartsWith("pkg:deb/", StringComparison.Ordinal))
            .Select(c => $"{c!["name"]} {c["version"]} {((string)c["purl"]!).Split("arch=")[1].Split('&')[0]}");

        Assert.Equal(records.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Contains(Purls, p => p.StartsWith("pkg:deb/debian/libc6@", StringComparison.Ordinal));
    }

    [Fact]
    public void EachLibraryOfDebian_HasItsNotice()
    {
        Podman.Demand();

        Assert.All(
            new[] { "libc6", "libgcc-s1", "libssl3t64", "libstdc++6", "libzstd1", "zlib1g", "ca-certificates" },
            package => Assert.True(new FileInfo($"{image.Root}/usr/share/doc/{package}/copyright").Length > 0));
    }

    [Fact]
    public async Task Sbom_HoldsToTheSchema_AndAChangedOneDoesNot()
    {
        Podman.Demand();
        string folder = Directory.CreateTempSubdirectory("verifier-cyclonedx-").FullName;
        foreach (string file in new[] { "package.json", "package-lock.json", ".npmrc", "check.mjs" })
        {
            File.Copy(RepositoryRoot.Combine("tests", "EndToEnd.Tests", "Image", "cyclonedx", file), Path.Combine(folder, file));
        }

        (int npm, string said) = await RunAsync(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=optional");
        for (int tried = 1; npm is not (0 or NotThere) && tried < 4; tried++)
        {
            // The registry of packages may not answer for a moment.
            await Task.Delay(TimeSpan.FromSeconds(5 * tried), Cancellation);
            (npm, said) = await RunAsync(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=optional");
        }

        Assert.False(npm != 0 && Environment.GetEnvironmentVariable("CI") == "true", said);
        Assert.SkipWhen(npm != 0, $"SKIPPED, NOT PASSED: npm could not install CycloneDX's schema: {said}");
        JsonNode spoilt = Bom();
        spoilt["components"]!.AsArray()[0]!["type"] = "nonsense";
        string changed = Path.Combine(folder, "changed.json");
        await File.WriteAllTextAsync(changed, spoilt.ToJsonString(), Cancellation);

        Assert.Equal((0, "null"), await RunAsync(folder, "node", "check.mjs", Path.Combine(image.Root, Place)));
        (int code, string fault) = await RunAsync(folder, "node", "check.mjs", changed);
        Assert.Equal(0, code);
        Assert.Equal(JsonValueKind.Array, JsonElement.Parse(fault).ValueKind);
        Directory.Delete(folder, recursive: true);
    }

    private JsonNode Bom() => JsonNode.Parse(File.ReadAllText(Path.Combine(image.Root, Place)))!;

    private static async Task<(int Code, string Output)> RunAsync(string folder, string program, params string[] arguments)
    {
        using Process process = new();
        process.StartInfo = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (NotThere, e.Message);
        }

        Task<string> error = process.StandardError.ReadToEndAsync(Cancellation);
        string output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, process.ExitCode == 0 ? output.Trim() : output + await error);
    }
}
