namespace Verifier.Service.Admission;

/// <summary>
/// How many calls are in the house, of all, of each lane and of each caller. A caller may have as many as are left for others: one alone
/// at most half, of many each the less the more there are. Each lane has some more of its own. Not safe for several threads.
/// </summary>
internal sealed class InFlightCounts(int most)
{
    private const int PartForOne = 32;

    private readonly Tally<string> _callers = new(StringComparer.Ordinal);
    private readonly int[] _own = new int[Lanes.Count];
    private readonly int _mostOwn = Math.Max(1, most / PartForOne);
    private int _shared;

    public int Callers => _callers.Keys;

    public int All => _shared + _own.Sum();

    /// <summary>Null: it is in; whether by its lane's own room is told.</summary>
    public RefusalReason? TryEnter(Lane lane, string caller, out bool isOwn)
    {
        bool isWithinShare = _callers.Of(caller) < Math.Max(1, most - _shared);
        isOwn = !isWithinShare || _shared >= most;

        // A revocation is let in whoever else floods under the same name.
        if (isOwn && ((!isWithinShare && lane != Lane.Revocation) || _own[(int)lane] >= _mostOwn))
        {
            return isWithinShare ? RefusalReason.Overloaded : RefusalReason.CallerShare;
        }

        _callers.Change(caller, 1);
        if (isOwn)
        {
            _own[(int)lane]++;
        }
        else
        {
            _shared++;
        }

        return null;
    }

    public void Leave(Lane lane, string caller, bool wasOwn)
    {
        if (wasOwn)
        {
            _own[(int)lane]--;
        }
        else
        {
            _shared--;
        }

        _callers.Change(caller, -1);
    }
}
