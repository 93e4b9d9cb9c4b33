using System.Diagnostics;

namespace Verifier.Architecture.Tests;

/// <summary>Runs test.sh in a folder of its own, with a dotnet that only pretends.</summary>
internal sealed class TestScript : IDisposable
{
    private const string FakeDotnet =
        """
        #!/usr/bin/env bash
        case "$1" in
          restore | build) echo "pretending to $1"; exit "$(cat "$FAKE/$1" 2>/dev/null || echo 0)" ;;
        esac
        while [ $# -gt 0 ]; do
          case "$1" in --project) project="${2##*/}" ;; --results-directory) results="$2" ;; esac
          shift
        done
        echo "output of $project"
        mkdir -p "$results"
        [ ! -f "$FAKE/$project.trx" ] || cp "$FAKE/$project.trx" "$results/"
        exit "$(cat "$FAKE/$project.code")"
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("test-script-").FullName;

    public TestScript()
    {
        File.Copy(Path.Combine(Repository.Root, "test.sh"), Path.Combine(_root, "test.sh"));
        Directory.CreateDirectory(Path.Combine(_root, "tests"));
        Directory.CreateDirectory(Path.Combine(_root, "bin"));
        string dotnet = Path.Combine(_root, "bin", "dotnet");
        File.WriteAllText(dotnet, FakeDotnet + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Lets a step of the build end with a code.</summary>
    public TestScript With(string step, int code)
    {
        File.WriteAllText(Path.Combine(_root, step), $"{code}");
        return this;
    }

    /// <summary>Adds a test project that ends with a code and these counts; without counts it leaves no result.</summary>
    public TestScript WithProject(string name, int code, (int Passed, int Failed, int Skipped)? counts)
    {
        Directory.CreateDirectory(Path.Combine(_root, "tests", name));
        File.WriteAllText(Path.Combine(_root, name + ".code"), $"{code}");
        if (counts is var (passed, failed, skipped))
        {
            File.WriteAllText(
                Path.Combine(_root, name + ".trx"),
                $"""<TestRun><Results>passed="77"</Results><ResultSummary><Counters total="0" executed="0" passed="{passed}" failed="{failed}" error="0" passedButRunAborted="0" notExecuted="{skipped}" pending="0" /></ResultSummary></TestRun>""");
        }

        return this;
    }

    /// <summary>From now on the project leaves no result.</summary>
    public TestScript WithoutResult(string name)
    {
        File.Delete(Path.Combine(_root, name + ".trx"));
        return this;
    }

    /// <summary>Runs it; gives the code, the last line, and all that was said.</summary>
    public (int Code, string LastLine, string Output) Run(int failedBefore = 0)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(_root, "test.sh")]) { RedirectStandardOutput = true, WorkingDirectory = _root };
        start.Environment["PATH"] = Path.Combine(_root, "bin") + Path.PathSeparator + start.Environment["PATH"];
        start.Environment["FAKE"] = _root;
        start.Environment["FAILED_BEFORE"] = $"{failedBefore}";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.TrimEnd('\n').Split('\n')[^1], output);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
