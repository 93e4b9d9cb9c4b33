using Verifier.Ledger;
using Verifier.Service.Registry;

namespace Verifier.Service.Log;

/// <summary>How many reference values there are in each state, as entries of the log go by. Counted for the figures; nothing is judged by it.</summary>
internal sealed class ReferenceCounts
{
    // What lies between quotation marks that are not escaped is no text of anybody's: only the member itself looks like this.
    private static readonly (string State, byte[] Member)[] States =
    [
        ("pending", "\"state\":\"pending\""u8.ToArray()),
        ("active", "\"state\":\"active\""u8.ToArray()),
        ("deprecated", "\"state\":\"deprecated\""u8.ToArray()),
        ("revoked", "\"state\":\"revoked\""u8.ToArray()),
    ];

    private readonly long[] _counts = new long[States.Length];

    public IReadOnlyList<(string State, long Count)> All => [.. States.Select((s, i) => (s.State, _counts[i]))];

    public void Apply(LogEntry entry)
    {
        if (entry.Resource.StartsWith(ReferenceNames.ResourcePrefix, StringComparison.Ordinal))
        {
            Add(entry.Before.Span, -1);
            Add(entry.After.Span, 1);
        }
    }

    private void Add(ReadOnlySpan<byte> stored, int change)
    {
        for (int i = 0; i < States.Length; i++)
        {
            if (stored.IndexOf(States[i].Member) >= 0)
            {
                _counts[i] += change;
                return;
            }
        }
    }
}
