using Verifier.Service.Hosting;

namespace Verifier.Service.Storage;

/// <summary>The directory of the embedded store.</summary>
internal static class DataDirectory
{
    /// <summary>
    /// Makes it, and a file in it. A store that is held by another process may become free while the service runs; a forgotten volume or a
    /// wrong owner does not mend itself, and is told at the start.
    /// </summary>
    /// <exception cref="ConfigurationFaultException">Nothing can be written there.</exception>
    public static void DemandWritable(StoreOptions store)
    {
        if (store.UsesRedis)
        {
            return;
        }

        try
        {
            PrivateFile.CreateDirectory(store.DataDirectory);
            string probe = Path.Combine(store.DataDirectory, $".writable-{Guid.NewGuid():N}");
            PrivateFile.Write(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationFaultException([$"Store:DataDirectory: nothing can be written there ({e.GetType().Name})"]);
        }
    }
}
