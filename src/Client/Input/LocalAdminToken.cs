using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Verifier.Client.Input;

/// <summary>
/// Finds the administrator's token of a service that runs on this machine as the same user: such a service leaves word of it in the
/// user's state directory, by its port. Nothing is sent to any other machine, and nothing is believed that others could have written.
/// </summary>
internal static class LocalAdminToken
{
    private const int MaxPointer = 8 * 1024;

    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The token; null when no such service left word.</summary>
    public static string? Find(Uri server, CliContext context)
    {
        if (!server.IsLoopback || StateDirectory.Find(context) is not { } folder)
        {
            return null;
        }

        try
        {
            FileInfo pointer = new(Path.Combine(folder, $"{server.Port}.json"));
            return pointer.Exists && IsPrivateFolder(folder) && IsPrivate(pointer) && Read(pointer) is var (file, process) && IsPrivate(file) && IsAlive(process)
                ? BearerTokens.OfFile(file)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or CommandFailure)
        {
            return null;
        }
    }

    private static (FileInfo File, int Process)? Read(FileInfo pointer)
    {
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(InputFile.Read(pointer, MaxPointer).Bytes));
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("admin_token_file", out JsonElement file) && file.ValueKind == JsonValueKind.String
            && document.RootElement.TryGetProperty("process", out JsonElement process) && process.TryGetInt32(out int id)
            && Path.IsPathFullyQualified(file.GetString()!)
                ? (new FileInfo(file.GetString()!), id)
                : null;
    }

    // A file that nobody but its owner may read, and that we can read, is ours.
    private static bool IsPrivate(FileInfo file) => file.Exists && file.LinkTarget is null && (OperatingSystem.IsWindows() || file.UnixFileMode == OwnerOnly);

    private static bool IsPrivateFolder(string folder) => OperatingSystem.IsWindows() || (new DirectoryInfo(folder).UnixFileMode & OthersMayWrite) == 0;

    // The service takes its word back when it stops. After a crash another program may have its port, and must not be told the token.
    private static bool IsAlive(int process)
    {
        try
        {
            using Process running = Process.GetProcessById(process);
            return !running.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
