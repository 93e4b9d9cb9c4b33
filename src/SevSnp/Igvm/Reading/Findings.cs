using System.Runtime.CompilerServices;

namespace SevSnp.Igvm.Reading;

/// <summary>
/// Collects what is wrong: the first refusal, and warnings. A hostile file can have a warning in each of a million headers, so of
/// each fault only the first few are kept, and all are counted.
/// </summary>
internal sealed class Findings(IgvmStrictness strictness)
{
    private const int KeptOfEach = 8;

    private readonly Dictionary<IgvmFaultId, int> _counts = [];
    private readonly List<IgvmFault> _warnings = [];

    /// <summary>The fault that ended the reading.</summary>
    public IgvmFault Refusal { get; private set; }

    public IReadOnlyList<IgvmFault> Warnings => _warnings;

    public IReadOnlyDictionary<IgvmFaultId, int> Counts => _counts;

    /// <summary>Takes note when a rule is broken.</summary>
    /// <returns>True to go on: the rule holds, or its fault is only a warning.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Holds(bool condition, IgvmFaultId id, long offset, string field, ulong? found = null) => condition || IsWarning(id, offset, field, found);

    // Apart, so that a rule that holds costs a comparison: a large file has millions of them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsWarning(IgvmFaultId id, long offset, string field, ulong? found)
    {
        IgvmFault fault = new(id, offset, field, found);
        if (IgvmFaults.Refuses(id, strictness))
        {
            Refusal = fault;
            return false;
        }

        int count = _counts.GetValueOrDefault(id) + 1;
        _counts[id] = count;
        if (count <= KeptOfEach)
        {
            _warnings.Add(fault);
        }

        return true;
    }
}
