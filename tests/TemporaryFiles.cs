using System.Runtime.CompilerServices;

namespace Verifier.Tests.Running;

/// <summary>
/// Compiled into every test project. Whatever a run puts among temporary files, and the programs that it starts, lies in one folder that ends
/// with the run: also what a failed test could not clear away.
/// </summary>
internal static class TemporaryFiles
{
    [ModuleInitializer]
    internal static void KeepTogether()
    {
        string folder = Directory.CreateTempSubdirectory("verifier-tests-").FullName;
        Environment.SetEnvironmentVariable("TMPDIR", folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(folder);
    }

    private static void Delete(string folder)
    {
        for (int tried = 0; ; tried++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A program that was told to end may still write its last file.
                if (tried == 20)
                {
                    Console.Error.WriteLine($"left behind: {folder}: {e.Message}");
                    return;
                }

                Thread.Sleep(50);
            }
        }
    }
}
