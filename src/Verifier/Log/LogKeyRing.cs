using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Verifier.Ledger;
using Verifier.Service.Hosting;
using Verifier.Service.Storage;

namespace Verifier.Service.Log;

/// <summary>The keys of the log, read from their files at first use.</summary>
internal sealed class LogKeyRing : IDisposable
{
    private const int MaxKeyFile = 16 * 1024;

    private readonly ECDsa _key;
    private readonly Dictionary<string, byte[]> _public = [];

    private LogKeyRing(ECDsa key, IReadOnlyList<ECDsa> trusted)
    {
        _key = key;
        Signer = new HeadSigner(key);
        Verifier = new HeadVerifier([key, .. trusted]);
        foreach (ECDsa known in trusted.Prepend(key))
        {
            _public.TryAdd(Ledger.LogKeys.Id(known), known.ExportSubjectPublicKeyInfo());
        }
    }

    public HeadSigner Signer { get; }

    public HeadVerifier Verifier { get; }

    /// <summary>The DER SubjectPublicKeyInfo of a key, for those who have none yet; null when it is not known.</summary>
    public byte[]? PublicKey(string keyId) => _public.GetValueOrDefault(keyId);

    /// <summary>Reads what is configured; makes the key of an embedded store when there is none.</summary>
    public static LogKeyRing Load(LogOptions options, StoreOptions store)
    {
        string file = options.KeyFile ?? MadeFile(store);
        ECDsa? key = options.KeyFile is null && !File.Exists(file) ? Make(file) : null;
        if (key is null && !TryRead(file, isPrivate: true, out key, out string fault))
        {
            throw new Registry.StoreUnfitException($"The key of the log, {file}, {fault}.");
        }

        List<ECDsa> trusted = [];
        foreach (string path in options.TrustedKeyFiles)
        {
            trusted.Add(TryRead(path, isPrivate: false, out ECDsa? known, out string why)
                ? known
                : throw new Registry.StoreUnfitException($"A trusted key of the log, {path}, {why}."));
        }

        return new LogKeyRing(key, trusted);
    }

    /// <summary>Reads a P-256 key in PEM.</summary>
    public static bool TryRead(string file, bool isPrivate, [NotNullWhen(true)] out ECDsa? key, out string fault)
    {
        key = null;
        fault = isPrivate ? "must hold a P-256 private key in PEM" : "must hold a P-256 public key in PEM";
        ECDsa read = ECDsa.Create();
        try
        {
            using FileStream stream = File.OpenRead(file);
            if (stream.Length > MaxKeyFile)
            {
                return false;
            }

            using StreamReader text = new(stream);
            read.ImportFromPem(text.ReadToEnd());
            if (LogKeys.IsP256(read) && (!isPrivate || read.ExportParameters(includePrivateParameters: true).D is not null))
            {
                (key, read) = (read, null!);
            }

            return key is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fault = $"cannot be read ({e.GetType().Name})";
            return false;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            return false;
        }
        finally
        {
            read?.Dispose();
        }
    }

    public void Dispose() => _key.Dispose();

    private static string MadeFile(StoreOptions store) => Path.Combine(Path.GetFullPath(store.DataDirectory), "log-key.pem");

    /// <summary>Under another name first: a key of which half is on disk would lock the log for ever.</summary>
    private static ECDsa Make(string file)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string half = file + ".new";
        try
        {
            PrivateFile.Write(half, System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"), FileMode.Create);
            PrivateFile.Publish(half, file, overwrite: false);
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new Registry.StoreUnavailableException($"The key of the log cannot be written to {file}: {e.Message}", e);
        }
    }
}
