namespace Verifier.TestKit.Preload;

/// <summary>
/// A folder of files that a program writes, while it is watched what it syncs of them. After the program was killed, <see cref="Fail"/> leaves
/// of the files what a loss of power would. One object serves one start of the program.
/// </summary>
public sealed class WatchedFolder
{
    private const int Block = 4096;

    private readonly string _shadow = Directory.CreateTempSubdirectory("verifier-synced-").FullName;

    /// <summary>Begins with what is in the folder: it counts as on the disk.</summary>
    /// <param name="folder">The folder; it must be there.</param>
    /// <param name="lies">Whether a sync only says that it is done, as of a disk that keeps it in its memory.</param>
    public WatchedFolder(string folder, bool lies = false)
    {
        Dictionary<string, string> environment = new()
        {
            ["LD_PRELOAD"] = Shim.PowerLoss.File,
            ["POWERLOSS_ROOT"] = folder,
            ["POWERLOSS_SHADOW"] = _shadow,
        };
        if (lies)
        {
            environment["POWERLOSS_LIE"] = "1";
        }

        Environment = environment;
    }

    /// <summary>What the environment of the program must hold.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The power fails. Call it when the program has ended.</summary>
    /// <param name="chance">
    /// Null: nothing is left that was not synced. Else this decides how much more is left of what was written: appended bytes up to somewhere,
    /// changed blocks each old or new.
    /// </param>
    /// <returns>How many bytes were lost, counting whole files that are gone.</returns>
    public long Fail(Random? chance = null)
    {
        NameJournal names = NameJournal.Read(Path.Combine(_shadow, "names"));
        Dictionary<int, byte[]> left = names.Synced.Values.Distinct().ToDictionary(id => id, id => Left(id, names, chance));
        long lost = 0;
        // What was killed between removing or renaming a file and telling of it has told too much.
        foreach (string gone in names.Written.Keys.Except(names.Synced.Keys).Where(File.Exists))
        {
            lost += new FileInfo(gone).Length;
            File.Delete(gone);
        }

        foreach ((string path, int id) in names.Synced)
        {
            lost += Math.Max(0, (File.Exists(path) ? new FileInfo(path).Length : 0) - left[id].Length);
            File.WriteAllBytes(path, left[id]);
        }

        Directory.Delete(_shadow, recursive: true);
        return lost;
    }

    private byte[] Left(int id, NameJournal names, Random? chance)
    {
        string copy = Path.Combine(_shadow, $"{id}");
        byte[] synced = File.Exists(copy) ? File.ReadAllBytes(copy) : [];
        string? now = names.Written.FirstOrDefault(n => n.Value == id).Key;
        if (chance is null || now is null || !File.Exists(now))
        {
            return synced;
        }

        byte[] written = File.ReadAllBytes(now);
        byte[] left = new byte[chance.Next(Math.Min(synced.Length, written.Length), Math.Max(synced.Length, written.Length) + 1)];
        for (int at = 0; at < left.Length; at += Block)
        {
            int end = Math.Min(at + Block, left.Length);
            byte[] source = end <= synced.Length && (end > written.Length || chance.Next(2) == 0) ? synced : written;
            source.AsSpan(at, Math.Min(end, source.Length) - at).CopyTo(left.AsSpan(at));
        }

        return left;
    }
}
