using System.Runtime.CompilerServices;

namespace SevSnp.Igvm.Reading;

/// <summary>
/// Collects what is wrong: the first refusal, and warnings. A hostile file can have a warning in each of a million headers, so of
/// each fault only the first few are kept, and all are counted.
/// </summary>
internal sealed class Findings(IgvmStrictness strictness)
{
    private const int KeptOfEach = 8;

    private static readonly int EndOfIds = IgvmFaults.All.Max(r => (int)r.Id) + 1;

    private readonly int[] _counts = new int[EndOfIds];
    private readonly List<IgvmFault> _warnings = [];

    /// <summary>The fault that ended the reading.</summary>
    public IgvmFault Refusal { get; private set; }

    public IReadOnlyList<IgvmFault> Warnings => _warnings;

    /// <summary>How often each fault was a warning.</summary>
    public IReadOnlyDictionary<IgvmFaultId, int> Counts => _counts.Index().Where(c => c.Item > 0).ToDictionary(c => (IgvmFaultId)c.Index, c => c.Item);

    /// <summary>Takes note when a rule is broken.</summary>
    /// <returns>True to go on: the rule holds, or its fault is only a warning.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Holds(bool condition, IgvmFaultId id, long offset, string field, ulong? found = null) => condition || IsWarning(id, offset, field, found);

    // Apart, so that a rule that holds costs a comparison: a large file has millions of them.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private bool IsWarning(IgvmFaultId id, long offset, string field, ulong? found)
    {
        // What was kept often enough is known to be a warning.
        ref int count = ref _counts[(int)id];
        if (count >= KeptOfEach)
        {
            count++;
            return true;
        }

        IgvmFault fault = new(id, offset, field, found);
        if (IgvmFaults.Refuses(id, strictness))
        {
            Refusal = fault;
            return false;
        }

        count++;
        _warnings.Add(fault);
        return true;
    }
}
