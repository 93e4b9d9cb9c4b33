namespace Verifier.Service;

/// <summary>Entry point.</summary>
public static class Program
{
    /// <summary>Starts the service.</summary>
    /// <param name="args">Configuration overrides, <c>--Section:Key=value</c>.</param>
    public static void Main(string[] args) => WebApplication.CreateBuilder(args).Build().Run();
}
