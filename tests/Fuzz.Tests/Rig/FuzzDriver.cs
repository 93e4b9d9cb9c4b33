using System.Diagnostics;
using Xunit.Sdk;

namespace Verifier.Fuzz.Tests.Rig;

/// <summary>
/// Tries mutants of a target's origins for a time. A mutant with an outcome of a new kind, or through branches that none took before, is
/// changed further. What may go wrong: an exception, an accept of what nobody signed, too much memory, and in a campaign too much time.
/// </summary>
internal sealed class FuzzDriver
{
    private const int Deepest = 40;
    private const int MostParents = 4096;
    private const int FewestTried = 300;
    private const int EnoughToJudge = 2000;

    private readonly FuzzTarget _target;
    private readonly FuzzSettings _settings;
    private readonly IReadOnlyList<byte[]> _origins;
    private readonly List<(Lineage Lineage, byte[] Input)> _parents = [];
    private readonly Dictionary<string, byte[]> _smallest = [];
    private readonly Meter _meter;
    private readonly FuzzFigures _figures = new();
    private readonly Findings _findings;
    private readonly Coverage? _coverage = Coverage.Instance;

    public FuzzDriver(FuzzTarget target, FuzzSettings settings)
    {
        (_target, _settings, _meter) = (target, settings, new Meter(target.IsOnOneThread));
        _origins = [.. target.Origins, .. Corpus.Read(target.Name)];
        _findings = new Findings(settings.Folder, target.Name);
    }

    public static FuzzFigures Run(FuzzTarget target) => new FuzzDriver(target, FuzzSettings.Read()).Run();

    public FuzzFigures Run()
    {
        if (_settings.Only is not null || _settings.Input is not null)
        {
            Try(_settings.Input is { } file ? File.ReadAllBytes(file) : _settings.Only!.Make(_target, _origins), _settings.Only);
            Tell(mustReach: false);
            return _figures;
        }

        Stopwatch watch = Stopwatch.StartNew();
        using (CurrentInput current = new(_settings.Folder, _target.Name))
        {
            // Twice: what is made on first use counts for no input.
            for (int i = 0; i < 2 * _origins.Count; i++)
            {
                Lineage origin = new(i % _origins.Count, []);
                current.Set(null, 0);
                Try(_origins[origin.Origin], origin, counts: i >= _origins.Count);
            }

            watch.Restart();
            for (int seed = _settings.Start; watch.Elapsed.TotalSeconds < _settings.Seconds || _figures.Tried < FewestTried; seed = (seed + 1) & int.MaxValue)
            {
                Mutate(seed, current);
            }
        }

        _figures.Seconds = watch.Elapsed.TotalSeconds;
        if (_settings.Keeps && _target.IsKept)
        {
            Corpus.Write(_target.Name, _smallest.Values);
        }

        Tell(mustReach: true);
        return _figures;
    }

    // Two of three from an origin: mutants of mutants are mostly refused.
    private void Mutate(int seed, CurrentInput current)
    {
        Random random = new(seed);
        (Lineage lineage, byte[] input) = _parents.Count > 0 && random.Next(3) == 0
            ? _parents[random.Next(_parents.Count)]
            : Origin(random.Next(_origins.Count));
        current.Set(lineage, seed);
        byte[] mutant = _target.Mutate(new Random(seed), input);
        if (mutant.Length <= _target.MostBytes && Try(mutant, lineage.Then(seed)) && lineage.Seeds.Count < Deepest)
        {
            _parents.Add((lineage.Then(seed), mutant));
            if (_parents.Count > MostParents)
            {
                _parents.RemoveAt(random.Next(_parents.Count));
            }
        }
    }

    private (Lineage Lineage, byte[] Input) Origin(int index) => (new Lineage(index, []), _origins[index]);

    // True when it reached something new.
    private bool Try(byte[] input, Lineage? lineage, bool counts = true)
    {
        string kind;
        try
        {
            kind = Once(input, out bool isNew);
            if (!counts)
            {
                return false;
            }

            _figures.Tried++;
            Look(input, lineage);
            isNew |= _figures.Add(kind);
            if (!_smallest.TryGetValue(kind, out byte[]? smallest) || smallest.Length > input.Length)
            {
                _smallest[kind] = input;
            }

            return isNew;
        }
        catch (FalseAcceptException e)
        {
            _figures.FalseAccepts++;
            _findings.Add("false accept: " + e.Message, $"false accept: {e.Message}", input, lineage);
        }
        catch (Exception e)
        {
            _figures.Crashes++;
            _findings.Add($"{e.GetType()} {e.StackTrace?.Split('\n')[0]}", e.ToString(), input, lineage);
        }

        return false;
    }

    private string Once(byte[] input, out bool isNew)
    {
        _coverage?.Begin();
        _meter.Begin();
        string kind = _target.Try(input, _meter);
        _meter.Pause();
        isNew = _coverage?.End() ?? false;
        return kind;
    }

    // Memory is what it is, save for what is made once; time may be another's, so it is taken again.
    private void Look(byte[] input, Lineage? lineage)
    {
        (long allocated, TimeSpan elapsed) = (_meter.Allocated, _meter.Elapsed);
        long most = _target.MostAllocatedFor(input.Length);
        bool isOver = allocated > most || elapsed > _target.MostTime;
        bool isMost = allocated > _figures.MostAllocated || (elapsed > _figures.Slowest && elapsed > TimeSpan.FromMilliseconds(1));
        for (int again = 0; (isOver || isMost) && again < 3; again++)
        {
            _meter.IsPrecise = true;
            Once(input, out _);
            _meter.IsPrecise = false;
            (allocated, elapsed) = (Math.Min(allocated, _meter.Allocated), elapsed < _meter.Elapsed ? elapsed : _meter.Elapsed);
        }

        _figures.MostAllocated = Math.Max(_figures.MostAllocated, allocated);
        _figures.Slowest = elapsed > _figures.Slowest ? elapsed : _figures.Slowest;
        if (allocated > most)
        {
            _figures.OverLimit++;
            _findings.Add("memory", $"{allocated} bytes were allocated, more than {most}", input, lineage);
        }

        if (_settings.Figures is not null && elapsed > _target.MostTime)
        {
            _figures.Slow++;
            _findings.Add("time", $"took {elapsed.TotalMilliseconds:F1} ms, and as long each time", input, lineage);
        }
    }

    private void Tell(bool mustReach)
    {
        _figures.Edges = _coverage?.Edges ?? 0;
        string line = _figures.ToLine(_target.Name);
        TestContext.Current.TestOutputHelper?.WriteLine($"first seed {_settings.Start}\n{FuzzFiguresHeader}\n{line}");
        if (_settings.Figures is { } folder)
        {
            File.WriteAllText(Path.Combine(folder, $"{_target.Name}.tsv"), line + "\n");
            File.WriteAllLines(Path.Combine(folder, $"{_target.Name}.kinds"), _figures.ByKind.OrderByDescending(k => k.Value).Select(k => $"{k.Value}\t{k.Key}"));
        }

        string[] found = [.. _findings.All];
        if (found.Length > 0)
        {
            throw new XunitException(string.Join("\n\n", found));
        }

        Assert.True(!mustReach || _figures.Tried < EnoughToJudge || _figures.Kinds >= _target.FewestKinds, $"{_target.Name}: {_figures.Kinds} kinds of outcome in {_figures.Tried} mutants, {_target.FewestKinds} are wanted");
    }

    private const string FuzzFiguresHeader = "target\ttried\tper second\tkinds\tedges\tslowest ms\tmost KiB\tcrashes\tfalse accepts\tover limit\tslow";
}
