using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Verifier.Ledger;

/// <summary>
/// Goes through the entries of a log in order and keeps what they come to: the last state of each resource, by hash, and which
/// measurements are revoked. About 200 bytes a resource, whatever its size. Not for use by several threads at once while one applies.
/// </summary>
public sealed class LogReplay
{
    private readonly string _tenant;
    private readonly Dictionary<TreeHash, ResourceState> _resources = [];
    private readonly Dictionary<TreeHash, ReadOnlyMemory<byte>>? _bodies;
    private readonly Dictionary<Digest48, long> _revoked = [];
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

    /// <summary>Begins before the first entry.</summary>
    /// <param name="tenant">The tenant whose log it is.</param>
    /// <param name="keepBodies">Whether the last stored bytes of each resource are kept too.</param>
    public LogReplay(string tenant, bool keepBodies = false)
    {
        _tenant = tenant;
        _bodies = keepBodies ? [] : null;
    }

    /// <summary>How far time may go back from one entry to a later one: five minutes.</summary>
    public static TimeSpan ClockTolerance { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How many entries were applied; the index of the next.</summary>
    public long Count { get; private set; }

    /// <summary>How many resources there are, without those that were removed.</summary>
    public long ResourceCount { get; private set; }

    /// <summary>The measurements that are revoked, as 96 lower-case hexadecimal digits, in no order.</summary>
    public IEnumerable<string> Revoked => _revoked.Keys.Select(d => d.ToHex());

    /// <summary>How many measurements are revoked.</summary>
    public int RevokedCount => _revoked.Count;

    /// <summary>Index of the last entry for each resource that exists, in no order.</summary>
    public IEnumerable<long> LastLeaves => _resources.Values.Where(r => r.Exists).Select(r => r.LeafIndex);

    /// <summary>The key under which a resource is kept: SHA-256 of its name in UTF-8. Whoever asks often keeps it.</summary>
    /// <param name="resource">The name, <c>referenceValues/ID</c>.</param>
    /// <returns>The key.</returns>
    public static TreeHash Key(ReadOnlySpan<char> resource)
    {
        Span<byte> name = stackalloc byte[256];
        int length = Encoding.UTF8.TryGetBytes(resource, name, out int written) ? written : throw new ArgumentException("Not a resource's name.", nameof(resource));
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        SHA256.HashData(name[..length], hash);
        return new TreeHash(hash);
    }

    /// <summary>Hashes stored bytes as the replay does, to compare them with <see cref="ResourceState.AfterHash"/>.</summary>
    /// <param name="stored">The bytes as they are stored.</param>
    /// <returns>Their SHA-256.</returns>
    public static TreeHash Hash(ReadOnlySpan<byte> stored)
    {
        Span<byte> hash = stackalloc byte[TreeHash.Length];
        SHA256.HashData(stored, hash);
        return new TreeHash(hash);
    }

    /// <summary>What the log says last of a resource.</summary>
    /// <param name="resource">The name, <c>referenceValues/ID</c>.</param>
    /// <param name="state">The state.</param>
    /// <returns>False when no entry names it.</returns>
    public bool TryGet(ReadOnlySpan<char> resource, out ResourceState state) => _resources.TryGetValue(Key(resource), out state);

    /// <summary>The stored bytes of a resource.</summary>
    /// <param name="resource">The name, <c>referenceValues/ID</c>.</param>
    /// <param name="body">The bytes.</param>
    /// <returns>False when it does not exist, or bodies are not kept.</returns>
    public bool TryGetBody(ReadOnlySpan<char> resource, out ReadOnlyMemory<byte> body)
    {
        body = default;
        return _bodies?.TryGetValue(Key(resource), out body) == true;
    }

    /// <summary>True when a measurement is revoked and not lifted since.</summary>
    /// <param name="measurement">A SHA-384 digest of 48 bytes.</param>
    /// <returns>False for every other length.</returns>
    public bool IsRevoked(ReadOnlySpan<byte> measurement) => measurement.Length == Digest48.Length && _revoked.ContainsKey(Digest48.From(measurement));

    /// <summary>The entry that revoked a measurement last.</summary>
    /// <param name="measurement">A SHA-384 digest of 48 bytes.</param>
    /// <param name="leafIndex">Index of the entry.</param>
    /// <returns>False when it is not revoked.</returns>
    public bool TryGetRevocation(ReadOnlySpan<byte> measurement, out long leafIndex)
    {
        leafIndex = 0;
        return measurement.Length == Digest48.Length && _revoked.TryGetValue(Digest48.From(measurement), out leafIndex);
    }

    /// <summary>Reads and applies the next entry.</summary>
    /// <param name="bytes">The entry's bytes.</param>
    /// <param name="entry">The entry, or null when refused.</param>
    /// <param name="fault">Why it was refused; nothing of the entry was applied then.</param>
    /// <returns>True when it was applied.</returns>
    public bool TryApply(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out LogEntry? entry, out ReplayFault fault)
    {
        if (!LogEntry.TryRead(bytes, out entry, out EntryFault unreadable))
        {
            fault = new ReplayFault(ReplayRule.EntryIsReadable, Count, unreadable.ToString());
            return false;
        }

        if (TryApply(entry, out fault))
        {
            return true;
        }

        entry = null;
        return false;
    }

    /// <summary>What applying an entry next would come to; nothing is changed.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>Why it would be refused; <see cref="ReplayRule.None"/> when it would be applied.</returns>
    public ReplayFault Try(LogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _resources.TryGetValue(Key(entry.Resource), out ResourceState last);
        return Broken(entry, last);
    }

    /// <summary>Applies the next entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="fault">Why it was refused; nothing of the entry was applied then.</param>
    /// <returns>True when it was applied.</returns>
    public bool TryApply(LogEntry entry, out ReplayFault fault)
    {
        ArgumentNullException.ThrowIfNull(entry);
        TreeHash key = Key(entry.Resource);
        bool known = _resources.TryGetValue(key, out ResourceState last);
        fault = Broken(entry, last);
        if (fault.Rule != ReplayRule.None)
        {
            return false;
        }

        if (!entry.Before.IsEmpty || !entry.After.IsEmpty || known)
        {
            Keep(key, entry, last);
        }

        foreach (string digest in entry.Revoked)
        {
            _revoked[Digest48.FromHex(digest)] = Count;
        }

        foreach (string digest in entry.Lifted)
        {
            _revoked.Remove(Digest48.FromHex(digest));
        }

        _latest = entry.At > _latest ? entry.At : _latest;
        Count++;
        return true;
    }

    private void Keep(TreeHash key, LogEntry entry, ResourceState last)
    {
        bool exists = !entry.After.IsEmpty;
        ResourceCount += (exists ? 1 : 0) - (last.Exists ? 1 : 0);
        _resources[key] = new ResourceState(Count, exists ? Hash(entry.After.Span) : default, exists);
        if (_bodies is not null)
        {
            _bodies.Remove(key);
            if (exists)
            {
                _bodies.Add(key, entry.After.ToArray());
            }
        }
    }

    private ReplayFault Broken(LogEntry entry, ResourceState last) => entry switch
    {
        _ when entry.Tenant != _tenant => Fault(ReplayRule.TenantMatches, $"it names tenant '{entry.Tenant}', the log is of '{_tenant}'"),
        _ when Count > 0 && entry.At < _latest - ClockTolerance => Fault(ReplayRule.TimeDoesNotGoBack, $"it was made at {entry.At:O}, after one of {_latest:O}"),
        _ when !BeforeMatches(entry, last) => Fault(ReplayRule.BeforeIsLastAfter, Before(entry, last)),
        _ when entry is { Before.IsEmpty: true, After.IsEmpty: true, Revoked.Count: 0, Lifted.Count: 0 } => Fault(ReplayRule.SomethingChanges, $"{entry.Resource} is not there before nor after"),
        _ when entry.Lifted.Count > 0 => Lifting(entry),
        _ => default,
    };

    private ReplayFault Lifting(LogEntry entry)
    {
        HashSet<string> seen = new(entry.Revoked, StringComparer.Ordinal);
        foreach (string digest in entry.Lifted)
        {
            if (!seen.Add(digest))
            {
                return Fault(ReplayRule.NotRevokedAndLifted, $"measurement {digest} occurs twice");
            }

            if (!_revoked.ContainsKey(Digest48.FromHex(digest)))
            {
                return Fault(ReplayRule.LiftedWasRevoked, $"measurement {digest} is not revoked");
            }
        }

        return default;
    }

    private static bool BeforeMatches(LogEntry entry, ResourceState last) =>
        last.Exists ? !entry.Before.IsEmpty && Hash(entry.Before.Span) == last.AfterHash : entry.Before.IsEmpty;

    private static string Before(LogEntry entry, ResourceState last) => last.Exists
        ? $"{entry.Resource} was left differently by entry {last.LeafIndex}"
        : $"{entry.Resource} did not exist";

    private ReplayFault Fault(ReplayRule rule, string detail) => new(rule, Count, detail);
}
