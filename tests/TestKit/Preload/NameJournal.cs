using System.Globalization;

namespace Verifier.TestKit.Preload;

/// <summary>What names files had at the end, and what names a disk knew of: those that their directory was synced for.</summary>
internal sealed class NameJournal
{
    private readonly Dictionary<string, int> _written = [];
    private readonly Dictionary<string, int> _synced = [];

    /// <summary>Names of the running program, with the number of the file.</summary>
    public IReadOnlyDictionary<string, int> Written => _written;

    /// <summary>Names of the disk.</summary>
    public IReadOnlyDictionary<string, int> Synced => _synced;

    public static NameJournal Read(string file)
    {
        NameJournal journal = new();

        // The program may have been killed while it wrote a line.
        string[] lines = File.Exists(file) ? File.ReadAllText(file).Split('\n')[..^1] : [];
        foreach (string line in lines)
        {
            journal.Apply(line[0], line[2..]);
        }

        return journal;
    }

    private void Apply(char kind, string rest)
    {
        string[] names = rest.Split('\t');
        switch (kind)
        {
            case 'E' or 'C':
                int id = int.Parse(rest.AsSpan(0, rest.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
                string path = rest[(rest.IndexOf(' ', StringComparison.Ordinal) + 1)..];
                _written[path] = id;
                if (kind == 'E')
                {
                    _synced.TryAdd(path, id);
                }

                break;
            case 'R' or 'L' when _written.TryGetValue(names[0], out int file):
                _written[names[1]] = file;
                if (kind == 'R')
                {
                    _written.Remove(names[0]);
                }

                break;
            case 'U':
                _written.Remove(rest);
                break;
            case 'D':
                Sync(rest);
                break;
            default:
                // A file that was there before was given another name, and was never opened: it keeps both. No program here does it.
                throw new InvalidOperationException($"A line of the journal is not understood: {kind} {rest}");
        }
    }

    private void Sync(string directory)
    {
        foreach (string path in _synced.Keys.Where(p => Path.GetDirectoryName(p) == directory && !_written.ContainsKey(p)).ToList())
        {
            _synced.Remove(path);
        }

        foreach ((string path, int id) in _written.Where(n => Path.GetDirectoryName(n.Key) == directory))
        {
            _synced[path] = id;
        }
    }
}
