using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using SevSnp.Judgement;
using SevSnp.Primitives;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Usage;

/// <summary>Counts accepted guests in memory. Never waits, never throws, never grows beyond its bound: a verdict must not hang on being counted.</summary>
internal sealed class UsageCounter(VerifierMetrics metrics, TimeProvider clock)
{
    private ConcurrentDictionary<UsageKey, long> _held = new();

    /// <summary>Counts a verdict, if it accepts.</summary>
    public void Count(string tenant, string caller, AttestationVerdict verdict)
    {
        if (!verdict.Accepted || verdict.Reference is not { } matched)
        {
            return;
        }

        Digest384 subject = matched.Value.AcceptsBySigner ? SubjectOf(matched.Value.Name) : verdict.Report.Measurement;
        Add(new UsageKey(tenant, subject, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), caller), 1);
    }

    /// <summary>What a reference value that accepts by signer is counted under: it has no measurement of its own.</summary>
    public static Digest384 SubjectOf(string referenceValue) => new(SHA384.HashData(Encoding.UTF8.GetBytes($"accepts by signer\n{referenceValue}")));

    /// <summary>Takes what is held; counting goes on at nothing.</summary>
    public IReadOnlyList<UsageCount> Take()
    {
        // Who has just read the old one may still add to it: such a count is lost, which best effort allows.
        ConcurrentDictionary<UsageKey, long> taken = Interlocked.Exchange(ref _held, new());
        return [.. taken.Select(p => new UsageCount(p.Key, p.Value))];
    }

    /// <summary>Puts back what could not be flushed.</summary>
    public void PutBack(IReadOnlyList<UsageCount> counts)
    {
        foreach (UsageCount count in counts)
        {
            Add(count.Key, count.Accepted);
        }
    }

    private void Add(UsageKey key, long accepted)
    {
        ConcurrentDictionary<UsageKey, long> held = Volatile.Read(ref _held);
        if (held.Count >= UsageLimits.Held && !held.ContainsKey(key))
        {
            metrics.UsageDropped(accepted);
            return;
        }

        held.AddOrUpdate(key, accepted, (_, before) => before + accepted);
    }
}
