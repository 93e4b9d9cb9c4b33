using System.Globalization;

namespace Verifier.Perf.Trials;

/// <summary>Options of a trial: <c>--name value</c>, or <c>--name</c> alone for those that are there or not.</summary>
internal sealed class Options(string[] args)
{
    public bool Has(string name) => args.Contains(name);

    public string Text(string name) => Find(name) ?? throw new ArgumentException($"{name} is missing");

    public string? Find(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    public double Number(string name, double fallback) => Find(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
