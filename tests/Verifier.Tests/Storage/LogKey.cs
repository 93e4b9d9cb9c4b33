using System.Security.Cryptography;
using Verifier.Service.Log;
using Verifier.Service.Storage;

namespace Verifier.Tests.Storage;

/// <summary>A key of the log for tests: the same for all stores of this run, as for all instances of a service.</summary>
internal static class LogKey
{
    private static readonly Lazy<string> Made = new(() =>
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("verifier-log-key-").FullName, "log-key.pem");
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
        return file;
    });

    public static LogOptions Options => new() { KeyFile = Made.Value };

    public static LogKeyRing Load() => LogKeyRing.Load(Options, new StoreOptions());
}
