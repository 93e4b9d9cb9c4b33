using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Packages;

/// <summary>The packages as build/pack.sh makes them, from what these tests were built with; made once.</summary>
public sealed class PackageFolder : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("verifier-packages-").FullName;

    /// <summary>The version, which stands in Directory.Build.props alone.</summary>
    public static string Version { get; } = XDocument.Load(RepositoryRoot.Combine("Directory.Build.props")).Descendants("Version").Single().Value;

    public string Feed => Path.Combine(_root, "feed");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SKIPPED, NOT PASSED: build/pack.sh needs bash.");
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await SucceedAsync(RepositoryRoot.Path, new() { ["CONFIGURATION"] = configuration }, "build/pack.sh", Feed);
    }

    public string FolderFor(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>The files of a package, without those that the format itself demands.</summary>
    public string[] Files(string file)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Feed, file));
        return [.. package.Entries.Select(e => e.FullName).Where(n => n[0] is not ('_' or '[') && !n.StartsWith("package/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    public XElement Metadata(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(Path.Combine(Feed, $"{id}.{Version}.nupkg"));
        using Stream stream = package.GetEntry($"{id}.nuspec")!.Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    /// <summary>Writes where packages come from: ours from the feed alone, all others from those already fetched, nothing from a network.</summary>
    public async Task WriteSourcesAsync(string folder)
    {
        string answer = await SucceedAsync(folder, [], "dotnet", "nuget", "locals", "global-packages", "--list");
        string others = answer.Split("global-packages:", 2)[1].Trim();
        await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="ours" value="{Feed}" /><add key="others" value="{others}" /></packageSources>
              <packageSourceMapping>
                <packageSource key="ours"><package pattern="SevSnp" /><package pattern="Verifier.*" /><package pattern="verifierctl" /></packageSource>
                <packageSource key="others"><package pattern="*" /></packageSource>
              </packageSourceMapping>
            </configuration>
            """);
    }

    public static async Task<string> SucceedAsync(string folder, Dictionary<string, string> environment, string program, params string[] arguments)
    {
        (int code, string output) = await RunAsync(folder, environment, program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}");
        return output;
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, Dictionary<string, string> environment, string program, params string[] arguments)
    {
        string path = program.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(program, folder) : program;
        ProcessStartInfo start = new(path, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Dictionary<string, string> quiet = new() { ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" };
        foreach ((string name, string value) in quiet.Concat(environment))
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }
}
