using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Verifier.Ledger;

namespace Verifier.Client.Log;

/// <summary>What is remembered of a log: whose key signs it, and the last head.</summary>
/// <param name="PublicKey">DER SubjectPublicKeyInfo.</param>
/// <param name="Size">Number of entries.</param>
/// <param name="Root">Root over them.</param>
internal sealed record RememberedHead(byte[] PublicKey, long Size, TreeHash Root);

/// <summary>Remembers heads by service and tenant, one small file each, in the user's state directory.</summary>
internal sealed partial class HeadMemory(string directory)
{
    private const int MaxLength = 16 * 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Null when nothing is remembered.</summary>
    /// <exception cref="CommandFailure">The file is damaged: not to remember could hide what it is there to show.</exception>
    public RememberedHead? Read(Uri service, string tenant)
    {
        string path = Path(service, tenant);
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            using FileStream stream = File.OpenRead(path);
            HeadFile? file = stream.Length > MaxLength ? null : JsonSerializer.Deserialize(stream, HeadJson.Default.HeadFile);
            return file is { V: 1, Size: >= 0 } && file.Tenant == tenant && file.Service == Name(service) && TreeHash.TryParse(file.Root, out TreeHash root)
                ? new RememberedHead(file.Key, file.Size, root)
                : throw Damaged(path);
        }
        catch (JsonException)
        {
            throw Damaged(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage($"{path}: cannot be read: {e.Message}", "--state DIR names another directory");
        }
    }

    public void Write(Uri service, string tenant, RememberedHead head)
    {
        string path = Path(service, tenant);
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
                options.UnixCreateMode = OwnerOnly;
            }

            string half = $"{path}.{Environment.ProcessId}.new";
            using (FileStream stream = new(half, options))
            {
                HeadFile file = new() { V = 1, Service = Name(service), Tenant = tenant, Key = head.PublicKey, Size = head.Size, Root = head.Root.ToString() };
                JsonSerializer.Serialize(stream, file, HeadJson.Default.HeadFile);
                stream.Flush(flushToDisk: true);
            }

            File.Move(half, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage($"{path}: the head of the log cannot be remembered: {e.Message}", "--state DIR names another directory");
        }
    }

    public void Forget(Uri service, string tenant)
    {
        string path = Path(service, tenant);
        try
        {
            // Where there never was a directory, there is nothing to forget.
            if (File.Exists(path))
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage($"{path}: cannot be removed: {e.Message}", "--state DIR names another directory");
        }
    }

    private static CommandFailure Damaged(string path) => CommandFailure.Usage($"{path}: is damaged", "remove it to begin anew, after comparing the log with another instance");

    private static string Name(Uri service) => service.GetLeftPart(UriPartial.Authority);

    private string Path(Uri service, string tenant) => System.IO.Path.Combine(
        directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Name(service)}/{tenant}")).AsSpan(0, 16)) + ".json");

    private sealed record HeadFile
    {
        public required int V { get; init; }

        public required string Service { get; init; }

        public required string Tenant { get; init; }

        public required byte[] Key { get; init; }

        public required long Size { get; init; }

        public required string Root { get; init; }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
    [JsonSerializable(typeof(HeadFile))]
    private sealed partial class HeadJson : JsonSerializerContext;
}
