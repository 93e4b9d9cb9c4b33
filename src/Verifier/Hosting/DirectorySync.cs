using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Verifier.Service.Hosting;

/// <summary>
/// Brings the names in a directory to the disk. POSIX lets a new name be lost by a loss of power although the file was synced, and .NET opens
/// no directory.
/// </summary>
internal static class DirectorySync
{
    // O_RDONLY and O_CLOEXEC, the same on every Linux that .NET runs on.
    private const int ReadOnly = 0x80000;

    /// <exception cref="IOException">The directory cannot be opened, or the disk refuses.</exception>
    public static void Run(string directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using SafeFileHandle handle = new(Open(directory, ReadOnly), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new IOException($"{directory} cannot be opened: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }

        RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
