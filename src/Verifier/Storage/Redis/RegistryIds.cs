using System.Security.Cryptography;
using System.Text;
using Verifier.Service.Hosting;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Which registry this service serves from: a random id that stands in Redis, and that a service remembers from the first time on. By it a
/// service notices a Redis that was emptied, or that is another one. Kept in memory, and in a file where there is a directory for it.
/// </summary>
internal sealed class RegistryIds(string demanded, string? directory)
{
    private const string FileName = "redis-registry-id";
    private const int Digits = 32;

    private readonly Lock _gate = new();
    private string? _known = demanded.Length == 0 ? null : demanded;
    private bool _fileIsRead;

    public static bool IsId(string text) => text.Length == Digits && text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');

    public static string Make() => RandomNumberGenerator.GetHexString(Digits, lowercase: true);

    /// <summary>Whether a Redis without an id may be given one: not when another one is remembered.</summary>
    public bool MayMake => Known() is null;

    /// <summary>Remembers the id, or finds that it is not the one that is remembered.</summary>
    /// <exception cref="StoreUnfitException">It is another one, or none; or what was remembered cannot be read.</exception>
    public void Check(string? found)
    {
        if (found is not null && !IsId(found))
        {
            throw new StoreUnfitException("The id of the registry in Redis is damaged.", null, "restore Redis from a backup");
        }

        lock (_gate)
        {
            if (Known() is not { } known)
            {
                _known = found;
                Write(found);
            }
            else if (found != known)
            {
                string what = found is null ? "Redis has no registry id: it was emptied, or is another one" : $"Redis holds the registry {found}: it is another one";
                throw new StoreUnfitException(
                    $"{what}. This service serves from registry {known}. Restore Redis or correct Store:Redis; if that is meant, {Repair()}.",
                    null,
                    "Redis is not the one this service has served from, or was emptied; the log tells what to do");
            }
        }
    }

    private string Repair() => demanded.Length > 0
        ? "correct Store:Redis:RegistryId"
        : $"restart the service{(directory is null ? "" : $" without the file {Path.Combine(directory, FileName)}")}";

    private string? Known()
    {
        lock (_gate)
        {
            if (_known is null && !_fileIsRead && directory is not null)
            {
                _known = Read(Path.Combine(directory, FileName));
                _fileIsRead = true;
            }

            return _known;
        }
    }

    // A file that cannot be understood may have been damaged to hide that Redis is another one.
    private static string? Read(string file)
    {
        try
        {
            string text = File.Exists(file) ? File.ReadAllText(file).TrimEnd() : "";
            return text.Length == 0 && !File.Exists(file) ? null : IsId(text) ? text : throw new StoreUnfitException($"{file} is damaged. Compare with another instance; then remove the file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnfitException($"{file} cannot be read: {e.Message}", e);
        }
    }

    private void Write(string? id)
    {
        if (id is null || directory is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(directory);
            string file = Path.Combine(directory, FileName);
            PrivateFile.Write(file + ".new", Encoding.ASCII.GetBytes(id + "\n"), FileMode.Create);
            PrivateFile.Publish(file + ".new", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without a directory that lasts it is remembered while the service runs; the heads of the log say so in the service's log.
        }
    }
}
