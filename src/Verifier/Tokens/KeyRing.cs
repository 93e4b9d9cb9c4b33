namespace Verifier.Service.Tokens;

/// <summary>
/// Which key signs and which are published, as keys come and go. Immutable: <see cref="Update"/> gives the next ring.
/// A key that comes later is published at once and signs only after a delay. One that was replaced signs until its successor may; one whose
/// file was taken away never signs again. Both stay published until what they signed has expired.
/// </summary>
internal sealed class KeyRing
{
    private readonly KeyRingTimes _times;
    private readonly Listed[] _listed;
    private readonly Retired[] _retired;

    private KeyRing(KeyRingTimes times, Listed[] listed, Retired[] retired)
    {
        _times = times;
        _listed = listed;
        _retired = retired;
    }

    private sealed record Listed(int Slot, TokenKey Key, DateTimeOffset SignsFrom);

    private sealed record Retired(TokenKey Key, DateTimeOffset SignsFrom, DateTimeOffset LastSignature, bool IsReplaced);

    /// <summary>The ring at the start, when nobody can have seen another: every key may sign at once.</summary>
    /// <param name="times">The delays.</param>
    /// <param name="slots">The key of each file, in order; null where the file is not there.</param>
    public static KeyRing Start(KeyRingTimes times, IReadOnlyList<TokenKey?> slots) =>
        new(times, [.. Keys(slots).Select(k => new Listed(k.Slot, k.Key, DateTimeOffset.MinValue))], []);

    /// <summary>The ring once the files hold these keys.</summary>
    public KeyRing Update(IReadOnlyList<TokenKey?> slots, DateTimeOffset now)
    {
        Listed[] listed = [.. Keys(slots).Select(k => new Listed(k.Slot, k.Key, Known(k.Key) ?? now + _times.Activation))];
        HashSet<string> ids = [.. listed.Select(l => l.Key.Id)];

        // A replaced key that was in force may sign until one of the others may.
        DateTimeOffset lastSignature = Later(now, listed.Select(l => l.SignsFrom).DefaultIfEmpty(now).Min());
        IEnumerable<Retired> left = _listed.Where(l => !ids.Contains(l.Key.Id)).Select(l => IsFilled(slots, l.Slot) && l.SignsFrom <= now
            ? new Retired(l.Key, l.SignsFrom, lastSignature, IsReplaced: true)
            : new Retired(l.Key, l.SignsFrom, now, IsReplaced: false));
        IEnumerable<Retired> kept = _retired.Where(r => !ids.Contains(r.Key.Id))
            .Select(r => r.LastSignature > now ? r with { LastSignature = lastSignature } : r)
            .Where(r => r.LastSignature + _times.Overlap > now);
        return new KeyRing(_times, listed, [.. left, .. kept]);
    }

    /// <summary>The key that signs, or null when there is none.</summary>
    public TokenKey? SignerAt(DateTimeOffset now) =>
        _listed.FirstOrDefault(l => l.SignsFrom <= now)?.Key
        ?? (_listed.Length > 0 ? _retired.FirstOrDefault(r => r.IsReplaced && r.SignsFrom <= now && r.LastSignature > now)?.Key : null)
        ?? _listed.FirstOrDefault()?.Key;

    /// <summary>The keys that relying parties must know.</summary>
    public IReadOnlyList<TokenKey> PublishedAt(DateTimeOffset now) =>
        [.. _listed.Select(l => l.Key).Concat(_retired.Where(r => r.LastSignature + _times.Overlap > now).Select(r => r.Key))];

    private DateTimeOffset? Known(TokenKey key) =>
        _listed.FirstOrDefault(l => l.Key.Id == key.Id)?.SignsFrom ?? _retired.FirstOrDefault(r => r.Key.Id == key.Id)?.SignsFrom;

    private static bool IsFilled(IReadOnlyList<TokenKey?> slots, int slot) => slot < slots.Count && slots[slot] is not null;

    private static IEnumerable<(int Slot, TokenKey Key)> Keys(IReadOnlyList<TokenKey?> slots) =>
        slots.Index().Where(s => s.Item is not null).Select(s => (s.Index, s.Item!)).DistinctBy(k => k.Item2.Id);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>The delays of a ring.</summary>
/// <param name="Activation">How long a key is published before it signs.</param>
/// <param name="Overlap">How long a key stays published after it signed for the last time: at least the life of a result.</param>
internal sealed record KeyRingTimes(TimeSpan Activation, TimeSpan Overlap);
