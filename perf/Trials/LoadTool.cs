using System.Globalization;
using System.Text.Json;

namespace Verifier.Perf.Trials;

/// <summary><c>verifierctl</c> against a deployment.</summary>
/// <param name="program">The executable, or its assembly.</param>
/// <param name="deployment">Whom it asks.</param>
internal sealed class LoadTool(string program, Deployment deployment)
{
    /// <summary>Makes loads, and gives what was measured.</summary>
    public async Task<JsonElement> BenchAsync(params IEnumerable<string> options)
    {
        string pid = deployment.ProcessId.ToString(CultureInfo.InvariantCulture);
        string output = await RunAsync(["bench", .. options, "--pid", pid, "--format", "json"]);
        return JsonDocument.Parse(output).RootElement;
    }

    public async Task<string> RunAsync(IEnumerable<string> arguments)
    {
        string[] all = [.. arguments, "--server", deployment.Address, "--ca", deployment.AuthorityFile];
        return program.EndsWith(".dll", StringComparison.Ordinal)
            ? await ToolProcess.OutputAsync("dotnet", [program, .. all])
            : await ToolProcess.OutputAsync(program, all);
    }
}
