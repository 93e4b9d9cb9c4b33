using System.Globalization;
using System.Text.Json;
using Verifier.TestKit;

namespace Verifier.Client.Tests;

/// <summary>Runs the transcripts of the folder Scripts, which are documentation and test at once.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifierctl-");

    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    private static string Folder => RepositoryRoot.Combine("tests", "Client.Tests", "Scripts");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Transcript_HoldsLineByLine(string name)
    {
        using JsonDocument sample = JsonDocument.Parse(Samples.Read("sample.json"));
        Dictionary<string, string> variables = new()
        {
            ["samples"] = RepositoryRoot.Combine("samples"),
            ["tmp"] = _folder.FullName,
            ["measurement"] = sample.RootElement.GetProperty("measurement").GetString()!,
            ["nonce"] = sample.RootElement.GetProperty("report_data").GetString()!,
            ["zeros48"] = new string('0', 96),
            ["ones48"] = new string('1', 96),
            ["ones64"] = new string('1', 128),
            ["idKeyDigest"] = SigningKeys.IdKeyDigest,
            ["authorKeyDigest"] = SigningKeys.AuthorKeyDigest,
        };
        foreach ((string digestName, string digest) in SampleIgvm.Digests)
        {
            variables[digestName] = digest;
        }

        SigningKeys.WriteTo(_folder);
        FirmwareSamples.WriteTo(_folder);
        SampleIgvm.WriteTo(_folder);
        SampleIgvm.WriteReportsTo(_folder);
        SampleIgvm.WriteForgedTo(_folder);
        Script script = Script.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.txt"), TestContext.Current.CancellationToken), variables);
        (ScriptStep.Command Command, CliResult Result)? last = null;
        int commands = 0;
        foreach (ScriptStep step in script.Steps)
        {
            switch (step)
            {
                case ScriptStep.Write write:
                    await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, write.Path), write.Content, TestContext.Current.CancellationToken);
                    break;
                case ScriptStep.Command command:
                    last = (command, await Cli.RunAsync(command.Args));
                    commands++;
                    break;
                case ScriptStep.Expect expect:
                    Assert.NotNull(last);
                    Check(last.Value.Command.Line, last.Value.Result, expect);
                    break;
            }
        }

        Assert.True(commands > 0, "the script runs nothing");
    }

    private static void Check(string command, CliResult result, ScriptStep.Expect expect)
    {
        string stream = expect.Kind.StartsWith("out", StringComparison.Ordinal) ? result.Out : result.Error;
        bool holds = expect.Kind switch
        {
            "exit" => result.ExitCode == int.Parse(expect.Text, CultureInfo.InvariantCulture),
            "out" or "err" => stream.Contains(expect.Text, StringComparison.Ordinal),
            _ => !stream.Contains(expect.Text, StringComparison.Ordinal),
        };
        Assert.True(holds, $"{command}\nwanted: {expect.Kind} {expect.Text}\nexit {result.ExitCode}\nstdout:\n{result.Out}\nstderr:\n{result.Error}");
    }
}
