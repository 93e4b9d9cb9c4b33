using System.Diagnostics;

namespace Verifier.Architecture.Tests;

/// <summary>Runs release.sh in a small repository of its own, with tools that only pretend; git is the real one.</summary>
internal sealed class ReleaseScript : IDisposable
{
    private const string Pretend = "#!/bin/sh\nmkdir -p \"${OUT:=artifacts}\"\n";

    private readonly string _root = Directory.CreateTempSubdirectory("release-script-").FullName;

    public ReleaseScript()
    {
        Write("release.sh", Repository.Read("release.sh"), isProgram: true);
        Write(".gitignore", "/artifacts/\n/bin/\n");
        Write("Directory.Build.props", "<Project>\n  <PropertyGroup>\n    <Version>1.2.0</Version>\n  </PropertyGroup>\n</Project>\n");
        Write("charts/verifier/Chart.yaml", "apiVersion: v2\nversion: 1.2.0\nappVersion: \"1.2.0\"\n");
        Write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Later.\n\n## [1.2.0] - 2026-11-01\n\n### Added\n\n- A thing.\n\n## [1.1.0] - 2026-10-01\n\n- An old thing.\n");
        Write("test.sh", "#!/bin/sh\necho tested\n", isProgram: true);
        Write("build/pack.sh", Pretend + "echo package >\"$1/SevSnp.1.2.0.nupkg\"\n", isProgram: true);
        Write("build/aot.sh", Pretend + "echo native >\"$1/verifierctl-linux-x64\"\n", isProgram: true);
        Write("bin/helm", "#!/bin/sh\necho chart >artifacts/verifier-1.2.0.tgz\n", isProgram: true);
        Write("bin/clang", "#!/bin/sh\n", isProgram: true);
        Write("bin/dotnet", "#!/bin/sh\necho \"dotnet $1\"\n", isProgram: true);
        Git("init", "--quiet");
        Commit();
    }

    public string Artifacts => Path.Combine(_root, "artifacts");

    public ReleaseScript With(string file, string text, bool isProgram = false)
    {
        Write(file, text, isProgram);
        Commit();
        return this;
    }

    /// <summary>A change that is not committed.</summary>
    public ReleaseScript Dirty()
    {
        Write("new.txt", "new\n");
        return this;
    }

    public string Read(string file) => File.ReadAllText(Path.Combine(_root, file));

    public string Git(params string[] arguments) => Start("git", [.. arguments]) is (0, var output) ? output : throw new InvalidOperationException($"git {arguments[0]} failed");

    public (int Code, string Output) Run(params string[] arguments) => Start("bash", [Path.Combine(_root, "release.sh"), .. arguments]);

    public (int Code, string Output) CompareSums() => Start("bash", ["-c", "cd artifacts && sha256sum --check --strict SHA256SUMS"]);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private (int Code, string Output) Start(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _root };
        start.Environment["PATH"] = Path.Combine(_root, "bin") + Path.PathSeparator + start.Environment["PATH"];
        start.Environment.Remove("HELM");
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private void Commit()
    {
        Git("add", "--all");
        Git("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "Sample");
    }

    private void Write(string file, string text, bool isProgram = false)
    {
        string path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (isProgram && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
