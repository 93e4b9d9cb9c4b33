namespace Verifier.Service.Kds;

/// <summary>
/// How many unknown chips are looked for, of all and of each caller and tenant: whoever may choose chip ids freely shall fill the
/// line neither without bound nor for others.
/// </summary>
internal sealed class PendingShares(KdsOptions options)
{
    private readonly Dictionary<string, int> _tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Tenant, string Caller), int> _callers = [];
    private readonly Lock _gate = new();
    private int _all;

    public Admission TryTake(Asker asker)
    {
        lock (_gate)
        {
            if (_all >= options.MaxPendingChips)
            {
                return Admission.Full;
            }

            if (_callers.GetValueOrDefault(Caller(asker)) >= options.MaxPendingChipsPerCaller || _tenants.GetValueOrDefault(asker.Tenant) >= options.MaxPendingChipsPerTenant)
            {
                return Admission.CallerLimit;
            }

            Count(asker, 1);
            return Admission.Admitted;
        }
    }

    public void Return(Asker asker)
    {
        lock (_gate)
        {
            Count(asker, -1);
        }
    }

    private void Count(Asker asker, int change)
    {
        _all += change;
        Count(_tenants, asker.Tenant, change);
        Count(_callers, Caller(asker), change);
    }

    private static void Count<T>(Dictionary<T, int> counts, T key, int change)
        where T : notnull
    {
        counts[key] = counts.GetValueOrDefault(key) + change;
        if (counts[key] == 0)
        {
            counts.Remove(key);
        }
    }

    private static (string, string) Caller(Asker asker) => (asker.Tenant, asker.Caller);
}

/// <summary>Whether another unknown chip is looked for.</summary>
internal enum Admission
{
    Full = 0,
    CallerLimit = 1,
    Admitted = 2,
}
