namespace Verifier.Service.Admission;

/// <summary>How many places are taken, of the shared ones and of each lane's own. Not safe for several threads.</summary>
internal sealed class PlaceCounts(int shared)
{
    private readonly int[] _sharedOf = new int[Lanes.Count];
    private readonly bool[] _ownTaken = new bool[Lanes.Count];
    private int _sharedTaken;

    /// <summary>Most places that a lane can have.</summary>
    public int MostOf(Lane lane) => lane.MostOf(shared) + 1;

    public bool MayTake(Lane lane) => !_ownTaken[(int)lane] || MayShare(lane);

    /// <summary>One of the shared places first: a lane's own is for when there is none.</summary>
    public bool TryTake(Lane lane, out bool isOwn)
    {
        isOwn = !MayShare(lane);
        if (!isOwn)
        {
            _sharedTaken++;
            _sharedOf[(int)lane]++;
            return true;
        }

        bool isFree = !_ownTaken[(int)lane];
        _ownTaken[(int)lane] = true;
        return isFree;
    }

    public void Return(Lane lane, bool isOwn)
    {
        if (isOwn)
        {
            _ownTaken[(int)lane] = false;
            return;
        }

        _sharedTaken--;
        _sharedOf[(int)lane]--;
    }

    private bool MayShare(Lane lane) => _sharedTaken < shared && _sharedOf[(int)lane] < lane.MostOf(shared);
}
