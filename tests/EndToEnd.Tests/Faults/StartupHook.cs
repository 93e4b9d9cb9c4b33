using System.Globalization;

#pragma warning disable CA1050 // The runtime looks for a class of this name outside of any namespace.

/// <summary>
/// Runs in a service before its own code, where DOTNET_STARTUP_HOOKS names this assembly: blocks threads of its pool once a file is there, as a
/// blocking call does that has slipped in. The product knows nothing of it. Uses nothing but the runtime, which finds no other assembly from here.
/// </summary>
internal static class StartupHook
{
    /// <summary>Variable with the path of the file, which holds how many threads, and how many milliseconds each.</summary>
    public const string File = "BLOCK_POOL_WHEN";

    /// <summary>Called by the runtime.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(File) is { } file)
        {
            new Thread(() => Watch(file)) { IsBackground = true }.Start();
        }
    }

    private static void Watch(string file)
    {
        while (!System.IO.File.Exists(file))
        {
            Thread.Sleep(10);
        }

        int[] told = [.. System.IO.File.ReadAllText(file).Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        for (int i = 0; i < told[0]; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => Thread.Sleep(told[1]), null);
        }
    }
}
