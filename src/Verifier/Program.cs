using Verifier.Service.Hosting;

namespace Verifier.Service;

/// <summary>Entry point.</summary>
public static class Program
{
    /// <summary>Runs the service until it is told to stop.</summary>
    /// <param name="args">Settings, <c>--Section:Key=value</c>; see docs/configuration.md.</param>
    /// <returns>0, or 1 when it must not start as it is configured.</returns>
    public static async Task<int> Main(string[] args)
    {
        if (ServiceArguments.Answer(args) is { } answer)
        {
            await Console.Out.WriteLineAsync(answer);
            return 0;
        }

        try
        {
            await using WebApplication app = VerifierApp.Create(args);
            await app.RunAsync();
            return 0;
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
