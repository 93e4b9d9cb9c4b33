namespace Verifier.TestKit;

/// <summary>Folders of programs that were killed.</summary>
public static class TemporaryFolder
{
    /// <summary>Clears one away. A child of the program may still write in it; what is left then goes with the run.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>When that is done.</returns>
    public static async Task DeleteAsync(string folder)
    {
        for (int tried = 0; Directory.Exists(folder) && tried < 40; tried++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                await Task.Delay(50);
            }
        }
    }
}
