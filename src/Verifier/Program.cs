using Verifier.Service.Health;
using Verifier.Service.Hosting;

namespace Verifier.Service;

/// <summary>Entry point.</summary>
public static class Program
{
    /// <summary>Runs the service until it is told to stop.</summary>
    /// <param name="args">Settings, <c>--Section:Key=value</c>, see docs/configuration.md; <c>health</c> before them asks a running service.</param>
    /// <returns>0, or 1 when it must not start as it is configured, or is not healthy.</returns>
    public static async Task<int> Main(string[] args)
    {
        if (ServiceArguments.Answer(args) is { } answer)
        {
            await Console.Out.WriteLineAsync(answer);
            return 0;
        }

        try
        {
            return args is [HealthCommand.Name, .. string[] settings]
                ? await HealthCommand.RunAsync(settings, Console.Out, Console.Error)
                : await VerifierApp.RunAsync(args);
        }
        catch (Exception e) when (ConfigurationFaultException.FaultsOf(e) is { } faults)
        {
            foreach (string fault in faults)
            {
                await Console.Error.WriteLineAsync($"error: {fault}");
            }

            return 1;
        }
    }
}
