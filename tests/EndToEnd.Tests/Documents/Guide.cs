using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Documents;

/// <summary>
/// A page that is read with a shell beside it. All its blocks of commands are run in one shell, in order; a block of text behind one holds lines
/// of what it prints, in order, each perhaps only the beginning or middle of a line. A line of dots stands for any number of lines.
/// </summary>
internal sealed partial class Guide
{
    // A page that waits for what never comes is a fault to be told, not to be waited for.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private const string Mark = "@@ block ";

    private readonly List<(string Commands, string[] Expected)> _blocks = [];

    private Guide(string page)
    {
        foreach (Match block in Block().Matches(page))
        {
            string text = block.Groups[2].Value;
            if (block.Groups[1].Value == "sh")
            {
                _blocks.Add((text, []));
            }
            else
            {
                Assert.True(_blocks.Count > 0 && _blocks[^1].Expected.Length == 0, $"No commands print this: {text}");
                _blocks[^1] = (_blocks[^1].Commands, [.. text.Split('\n').Where(l => l.Length > 0 && l != "...")]);
            }
        }

        Assert.NotEmpty(_blocks);
    }

    public static Guide Read(string page) => new(File.ReadAllText(RepositoryRoot.Combine("docs", "getting-started", page)));

    /// <summary>Runs the page in a folder that looks like a clone and has been built.</summary>
    /// <param name="prelude">Commands before the first, such as functions that stand for programs.</param>
    public async Task RunAsync(string prelude = "")
    {
        string folder = Directory.CreateTempSubdirectory("verifier-guide-").FullName;
        try
        {
            foreach (string entry in new[] { "samples", "ci", "charts", "docs" })
            {
                Process.Start("cp", ["-r", RepositoryRoot.Combine(entry), folder])!.WaitForExit();
            }

            string output = await RunAsync(folder, Script(prelude));
            Check(output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string Script(string prelude)
    {
        StringBuilder script = new($$"""
            set -euo pipefail
            exec 2>&1
            trap 'kill $(jobs -p) 2>/dev/null || true; wait || true' EXIT
            trap 'echo "stopped at: $BASH_COMMAND"; tail -n 5 *.log 2>/dev/null' ERR
            dotnet() {
              case $1 in
                build) ;;
                src/Client/bin/Release/net10.0/verifierctl.dll) shift; command dotnet {{CommandLineTool.Path}} "$@" ;;
                src/Verifier/bin/Release/net10.0/Verifier.Service.dll) shift; exec dotnet {{CommandLineTool.BuiltFile("Verifier", "Verifier.Service.dll")}} "$@" ;;
                *) command dotnet "$@" ;;
              esac
            }
            mkdir -p src/Client/bin/Release && ln -s {{Path.GetDirectoryName(CommandLineTool.Path)}} src/Client/bin/Release/net10.0
            {{prelude}}

            """);
        for (int i = 0; i < _blocks.Count; i++)
        {
            script.Append($"echo '{Mark}{i}'\n{_blocks[i].Commands}\n");
        }

        return script.ToString();
    }

    private void Check(string output)
    {
        string[] printed = output.Split(Mark)[1..];
        Assert.Equal(_blocks.Count, printed.Length);
        for (int i = 0; i < _blocks.Count; i++)
        {
            string[] lines = printed[i].Split('\n');
            int at = 0;
            foreach (string expected in _blocks[i].Expected)
            {
                int found = Array.FindIndex(lines, at, l => l.Contains(expected, StringComparison.Ordinal));
                Assert.True(found >= 0, $"The page promises '{expected}', and got:\n{printed[i]}");
                at = found + 1;
            }
        }
    }

    private static async Task<string> RunAsync(string folder, string script)
    {
        using Process bash = new()
        {
            StartInfo = new ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = folder, RedirectStandardOutput = true },
        };
        bash.StartInfo.Environment["XDG_STATE_HOME"] = Path.Combine(folder, "state");
        StringBuilder output = new();
        bash.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        bash.Start();
        bash.BeginOutputReadLine();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await bash.WaitForExitAsync(limit.Token);
            Assert.True(bash.ExitCode == 0, $"exit code {bash.ExitCode}:\n{output}");
            return output.ToString();
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The page did not end within {Limit}:\n{output}");
        }
        finally
        {
            bash.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex("^```(sh|text)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
