using System.Globalization;

namespace Verifier.Perf.Trials;

/// <summary>What perf/Benchmarks wrote: for each benchmark its mean in nanoseconds and the bytes it allocates.</summary>
/// <param name="lines">Name, mean and bytes, with tabs between them.</param>
internal sealed class Figures(IEnumerable<string> lines)
{
    private readonly Dictionary<string, (double Nanoseconds, double Bytes)> _all = lines.Select(l => l.Split('\t')).Where(f => f.Length == 3)
        .ToDictionary(f => f[0], f => (double.Parse(f[1], CultureInfo.InvariantCulture), double.Parse(f[2], CultureInfo.InvariantCulture)));

    /// <summary>The names of a class, without that of the class.</summary>
    public IEnumerable<string> Of(string type) => _all.Keys.Where(k => k.StartsWith(type + ".", StringComparison.Ordinal)).Select(k => k[(type.Length + 1)..]);

    public IEnumerable<string> Types => _all.Keys.Select(k => k[..k.IndexOf('.', StringComparison.Ordinal)]).Distinct();

    /// <summary>A row: a benchmark against the baseline of its class, which ran beside it. Null when one of them did not run.</summary>
    public Row? Against(string what, string type, string method, string baselineMethod, string baseline) =>
        _all.TryGetValue($"{type}.{method}", out (double Nanoseconds, double Bytes) mine) && _all.TryGetValue($"{type}.{baselineMethod}", out (double Nanoseconds, double Bytes) theirs)
            ? new Row(what, Time(mine.Nanoseconds), $"{baseline}: {Time(theirs.Nanoseconds)}") { Ratio = mine.Nanoseconds / theirs.Nanoseconds, Note = Size(mine.Bytes) }
            : null;

    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => Invariant($"{nanoseconds:0} ns"),
        < 1e6 => Invariant($"{nanoseconds / 1e3:0.#} us"),
        _ => Invariant($"{nanoseconds / 1e6:0.##} ms"),
    };

    private static string Size(double bytes) => Invariant($"{bytes / 1024:0.#} KiB allocated");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
