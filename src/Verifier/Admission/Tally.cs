namespace Verifier.Service.Admission;

/// <summary>How many of each. Keeps nothing of those that there are none of, so that names which come once take no memory. Not safe for several threads.</summary>
internal sealed class Tally<TKey>(IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly Dictionary<TKey, int> _counts = new(comparer);

    /// <summary>How many keys there are any of.</summary>
    public int Keys => _counts.Count;

    public int Of(TKey key) => _counts.GetValueOrDefault(key);

    /// <summary>Counts up or down.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many: somebody left who had not come, or left twice.</exception>
    public void Change(TKey key, int by)
    {
        int left = Of(key) + by;
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        if (left == 0)
        {
            _counts.Remove(key);
        }
        else
        {
            _counts[key] = left;
        }
    }
}
