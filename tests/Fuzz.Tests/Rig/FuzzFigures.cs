using System.Globalization;

namespace Verifier.Fuzz.Tests.Rig;

/// <summary>What a run of one target came to.</summary>
internal sealed class FuzzFigures
{
    private readonly Dictionary<string, int> _kinds = [];

    public long Tried { get; set; }

    public double Seconds { get; set; }

    public long MostAllocated { get; set; }

    public TimeSpan Slowest { get; set; }

    public int Edges { get; set; }

    public int Crashes { get; set; }

    public int FalseAccepts { get; set; }

    public int OverLimit { get; set; }

    public int Slow { get; set; }

    public int Kinds => _kinds.Count;

    public IEnumerable<KeyValuePair<string, int>> ByKind => _kinds;

    /// <summary>Counts an outcome.</summary>
    /// <returns>True when there was none of this kind before.</returns>
    public bool Add(string kind)
    {
        ref int count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_kinds, kind, out bool existed);
        count++;
        return !existed;
    }

    /// <summary>One line for tests/fuzz.sh, which makes a table of them.</summary>
    public string ToLine(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name}\t{Tried}\t{Tried / Math.Max(Seconds, 0.001):F0}\t{Kinds}\t{Edges}\t{Slowest.TotalMilliseconds:F1}\t{MostAllocated / 1024.0:F0}\t{Crashes}\t{FalseAccepts}\t{OverLimit}\t{Slow}");
}
