using System.Text;
using Verifier.Service.Hosting;

namespace Verifier.Service.Tokens;

/// <summary>The key that a single service makes for itself, beside its embedded store.</summary>
internal static class OwnKey
{
    public const string FileName = "token-key.pem";

    /// <summary>The path of the key file, which is made when it is not there: readable by its owner alone, and never half written.</summary>
    /// <exception cref="ConfigurationFaultException">It cannot be made.</exception>
    public static string Ensure(string directory)
    {
        string path = Path.Combine(directory, FileName);
        if (File.Exists(path))
        {
            return path;
        }

        string fresh = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(directory);
            PrivateFile.Write(fresh, Encoding.ASCII.GetBytes(TokenKey.NewPem()));
            Publish(fresh, path);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationFaultException([$"Store:DataDirectory: the key of result tokens cannot be made there ({e.GetType().Name}); set Tokens:KeyFiles"]);
        }
    }

    // Another start at the same time may have been first; its key is the one.
    private static void Publish(string fresh, string path)
    {
        try
        {
            PrivateFile.Publish(fresh, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(fresh);
        }
    }
}
