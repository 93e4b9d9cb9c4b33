using System.Diagnostics;

namespace Verifier.EndToEnd.Tests.Faults;

/// <summary>A file system in memory of a few mebibytes, which a test can fill.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public static string SkipReason => "SKIPPED, NOT PASSED: a tmpfs cannot be mounted here; that needs root and the right to mount.";

    public string Folder { get; }

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Mounts one; null where that is not permitted.</summary>
    public static SmallDisk? TryMount(int mebibytes)
    {
        string folder = Directory.CreateTempSubdirectory("verifier-disk-").FullName;
        return OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m,mode=0700", "tmpfs", folder) ? new(folder) : null;
    }

    /// <summary>Leaves so many bytes free.</summary>
    public void FillTo(long free)
    {
        long room = new DriveInfo(Folder).AvailableFreeSpace - free;
        using FileStream file = File.Create(Ballast);
        byte[] block = new byte[4096];
        for (long written = 0; written + block.Length <= room; written += block.Length)
        {
            file.Write(block);
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static bool Run(params string[] words)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
