namespace SevSnp.Crypto;

/// <summary>
/// The places for tables of keys: as many keys as there are places have one at a time, whatever number of keys is in use. Who comes when all
/// are taken gets the place of the key that was not used for longest, if that is long enough; else the keys would only take them from one another.
/// </summary>
internal sealed class P384Tables(int places)
{
    // In verifications with a table, so that no clock is needed.
    private readonly long _idle = 100L * places;
    // A key that nobody has any more does not live for its place.
    private readonly List<WeakReference<BouncyCastleEcdsaP384Verifier>> _holders = [];
    private readonly Lock _gate = new();
    private long _now;

    /// <summary>Those of this process: 256 tables of 288 KiB are 72 MiB.</summary>
    public static P384Tables Shared { get; } = new(256);

    /// <summary>How many are taken.</summary>
    public int Taken
    {
        get
        {
            lock (_gate)
            {
                return _holders.Count;
            }
        }
    }

    /// <summary>A moment of use, later than all before.</summary>
    public long Use() => Interlocked.Increment(ref _now);

    /// <summary>Does something for a key that has a place still, and not while the place is taken from it.</summary>
    public void WhileHeld(BouncyCastleEcdsaP384Verifier key, Action act)
    {
        lock (_gate)
        {
            if (_holders.Exists(h => h.TryGetTarget(out BouncyCastleEcdsaP384Verifier? holder) && holder == key))
            {
                act();
            }
        }
    }

    /// <summary>Takes a place for a key that has none.</summary>
    /// <returns>False when there is none for it now.</returns>
    public bool TryTake(BouncyCastleEcdsaP384Verifier key)
    {
        lock (_gate)
        {
            // It has not used its table yet, and must not lose the place before.
            key.LastUse = Volatile.Read(ref _now);
            if (_holders.Count == places)
            {
                _holders.RemoveAll(h => !h.TryGetTarget(out _));
            }

            return (_holders.Count < places || TryEmptyOne()) && Take(key);
        }
    }

    private bool Take(BouncyCastleEcdsaP384Verifier key)
    {
        _holders.Add(new(key));
        return true;
    }

    // The one that was not used for longest, if that is long enough.
    private bool TryEmptyOne()
    {
        (int at, BouncyCastleEcdsaP384Verifier? oldest) = (-1, null);
        for (int i = 0; i < _holders.Count; i++)
        {
            if (_holders[i].TryGetTarget(out BouncyCastleEcdsaP384Verifier? holder) && (oldest is null || holder.LastUse < oldest.LastUse))
            {
                (at, oldest) = (i, holder);
            }
        }

        if (oldest is null || Volatile.Read(ref _now) - oldest.LastUse <= _idle)
        {
            return false;
        }

        oldest.DropTable();
        _holders.RemoveAt(at);
        return true;
    }
}
