namespace Verifier.Client;

internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        // The one place that reads the environment. https://no-color.org: any value that is not empty turns colour off.
        bool color = !Console.IsOutputRedirected
            && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return CommandLine.RunAsync(args, new CliContext(Console.Out, Console.Error, color, TimeProvider.System, !Console.IsErrorRedirected)
        {
            Variable = Environment.GetEnvironmentVariable,
        });
    }
}
