using Verifier.Service.Admission;

namespace Verifier.Service.Kds;

/// <summary>
/// How many unknown chips are looked for, of all and of each caller and tenant: whoever may choose chip ids freely shall fill the
/// line neither without bound nor for others.
/// </summary>
internal sealed class PendingShares(KdsOptions options)
{
    private readonly Tally<string> _tenants = new(StringComparer.Ordinal);
    private readonly Tally<(string Tenant, string Caller)> _callers = new();
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

            if (_callers.Of(Caller(asker)) >= options.MaxPendingChipsPerCaller || _tenants.Of(asker.Tenant) >= options.MaxPendingChipsPerTenant)
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
        _tenants.Change(asker.Tenant, change);
        _callers.Change(Caller(asker), change);
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
