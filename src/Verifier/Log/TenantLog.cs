using Verifier.Ledger;
using Verifier.Service.Registry;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Log;

/// <summary>What the followers of all tenants share.</summary>
internal sealed record FollowerParts(
    IChangeLog Log, Func<HeadVerifier> Verifier, HighestHeads Kept, IReadOnlyCollection<string> AcceptRollback, VerifierMetrics Metrics, TimeProvider Clock, ILogger Logger);

/// <summary>
/// Follows the log of one tenant. Nothing that a trusted key has not signed is ever applied to what is asked: entries are checked against
/// the root of the head first. What contradicts that, or an earlier head, is a <see cref="LogFault"/>.
/// </summary>
internal sealed class TenantLog(string tenant, FollowerParts parts) : IDisposable
{
    // A few hundred kilobytes, so that a read ends well within the time that a call of a shared store may take.
    private const int BatchEntries = 128;
    private const int MaxStaged = 4096;
    private static readonly TimeSpan BrokenPause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _started;
    private long _finished;
    private volatile LogState? _current;
    private LogState? _loading;
    private LogFault? _fault;
    private LogFault? _finding;
    private (TreeHead Head, byte[] Bytes)? _followed;
    private byte[]? _brokenAt;
    private long _brokenSince;
    private TaskCompletionSource _moved = NewSignal();
    private readonly SeenHeads _seen = new(tenant, parts);

    public string Tenant => tenant;

    /// <summary>What the log comes to; null while it has never been read to its end.</summary>
    public LogState? Current => _current;

    /// <summary>Why the registry must not be judged by; null when all is well.</summary>
    public LogFault? Fault => Volatile.Read(ref _fault) ?? Volatile.Read(ref _finding);

    public LogAges Ages { get; } = new(parts.Clock);

    /// <summary>Ends when the log has moved on, or cannot be followed any more. Taken before one looks at what there is, it misses nothing.</summary>
    public Task Moved => Volatile.Read(ref _moved).Task;

    /// <summary>What the audit found; replaced by each pass.</summary>
    public void Audited(LogFault? finding)
    {
        Tell(ref _finding, finding);
        if (finding is null && _current is not null)
        {
            Ages.WasAudited();
        }
    }

    /// <summary>Reads what is new. Whoever asks gets the end of a pass that began after it asked.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        long asked = Interlocked.Read(ref _started);
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_finished > asked)
            {
                return;
            }

            long mine = Interlocked.Increment(ref _started);
            await FollowAsync(cancellation);
            _finished = mine;
            Ages.WasRead();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Keeps the highest head on disk if it is new; called by one background task.</summary>
    public void Save() => _seen.Save();

    public void Dispose() => _turn.Dispose();

    private async Task FollowAsync(CancellationToken cancellation)
    {
        if (_seen.Restore() is { } unreadable)
        {
            Tell(ref _fault, unreadable);
            return;
        }

        byte[] bytes = await parts.Log.HeadAsync(tenant, cancellation) ?? [];
        if (_fault is null && _current is { } current && current.IsAt(bytes))
        {
            Seen();
            return;
        }

        // The same damage is not read through again and again.
        if (_brokenAt is { } broken && bytes.AsSpan().SequenceEqual(broken) && parts.Clock.GetElapsedTime(_brokenSince) < BrokenPause)
        {
            return;
        }

        SignedTreeHead? head = null;
        LogFault? fault = bytes.Length == 0 ? null : Read(bytes, out head);
        long size = head?.Head.Size ?? 0;
        TreeHash root = head?.Head.Root ?? TreeHashing.Empty;
        fault ??= Forget(size, root);
        if (fault is null)
        {
            fault = await ReachAsync(bytes, head, size, root, cancellation);
            (_brokenAt, _brokenSince) = fault is null ? (null, 0) : (bytes, parts.Clock.GetTimestamp());
        }

        Tell(ref _fault, fault);
        if (fault is null && head is not null)
        {
            _followed = (head.Head, bytes);
            Seen();
        }

        Interlocked.Exchange(ref _moved, NewSignal()).SetResult();
    }

    private void Seen()
    {
        if (_followed is { } followed)
        {
            _seen.Follow(followed.Head, followed.Bytes, head => _current is { } current && current.Size >= head.Size && current.RootAt(head.Size) == head.Root);
        }
    }

    private LogFault? Read(byte[] bytes, out SignedTreeHead? head)
    {
        head = StoredHead.TryRead(bytes, out StoredHead? stored) && stored.SignedHead.Head.Tenant == tenant ? stored.SignedHead : null;
        return head is null ? new LogFault(LogFault.Broken, "the head is damaged") : parts.Verifier().Check(head) switch
        {
            HeadCheck.Valid => null,
            HeadCheck.UnknownKey => new LogFault(LogFault.Broken, $"the head is signed by key {head.KeyId}, which is neither Log:KeyFile nor one of Log:TrustedKeyFiles"),
            _ => new LogFault(LogFault.Broken, $"the signature of the head is not that of key {head.KeyId}"),
        };
    }

    private LogFault? Forget(long size, TreeHash root)
    {
        bool had = _seen.Highest is not null;
        LogFault? fault = _seen.FaultOf(size, root);
        if (had && _seen.Highest is null)
        {
            (_current, _loading, _followed) = (null, null, null);
        }

        return fault;
    }

    private async Task<LogFault?> ReachAsync(byte[] bytes, SignedTreeHead? head, long size, TreeHash root, CancellationToken cancellation)
    {
        bool hasTail = _current is { } known && known.Size > (_seen.Highest?.Size ?? 0);
        if (hasTail && size < _current!.Size)
        {
            parts.Logger.TailLost(tenant, _seen.Highest?.Size ?? 0);
        }

        LogFault? fault = _current is { } current && size >= current.Size && size - current.Size <= MaxStaged
            ? await StageAsync(current, size, root, cancellation)
            : await LoadAsync(size, root, cancellation);
        if (fault is not null && hasTail)
        {
            // A fail-over may have taken what no replica had yet: what is confirmed must still be there, and the rest is read anew.
            parts.Logger.TailLost(tenant, _seen.Highest?.Size ?? 0);
            (_current, _loading) = (null, null);
            fault = await LoadAsync(size, root, cancellation);
        }

        if (fault is not null)
        {
            (_current, _loading) = (null, null);
            return fault;
        }

        LogState reached = _current ?? _loading!;
        reached.StandAt(bytes, head);
        if (_current is null)
        {
            (_current, _loading) = (reached, null);
            parts.Logger.LogLoaded(tenant, size, root);
        }

        return null;
    }

    /// <summary>A few entries, held back until their root is the signed one.</summary>
    private async Task<LogFault?> StageAsync(LogState state, long size, TreeHash root, CancellationToken cancellation)
    {
        List<(LogEntry Entry, TreeHash Leaf)> staged = [];
        TreeFrontier frontier = state.Frontier;
        while (frontier.Size < size)
        {
            IReadOnlyList<LogLeaf> batch = await BatchAsync(frontier.Size, size, cancellation);
            if (batch.Count == 0)
            {
                return LogBatches.Truncated(frontier.Size, size);
            }

            foreach (LogLeaf leaf in batch)
            {
                if (!LogBatches.TryRead(leaf, frontier.Size, out LogEntry? entry, out LogFault? unreadable))
                {
                    return unreadable;
                }

                TreeHash hash = new(leaf.LeafHash.Span);
                staged.Add((entry, hash));
                frontier = frontier.Append(hash);
            }
        }

        if (frontier.Root != root)
        {
            return LogBatches.OtherRoot(size);
        }

        foreach ((LogEntry entry, TreeHash leaf) in staged)
        {
            if (state.Apply(entry, leaf) is { Rule: not ReplayRule.None } broken)
            {
                return new LogFault(LogFault.Broken, broken.ToString());
            }
        }

        return null;
    }

    /// <summary>Everything, or very many entries: nobody asks the state before its root is the signed one. The next batch is read while one is applied.</summary>
    private async Task<LogFault?> LoadAsync(long size, TreeHash root, CancellationToken cancellation)
    {
        _loading = _current ?? _loading;
        _current = null;
        if (_loading is null || _loading.Size > size)
        {
            _loading = new LogState(tenant);
        }

        LogState state = _loading;
        Task<IReadOnlyList<LogLeaf>> next = BatchAsync(state.Size, size, cancellation);
        while (state.Size < size)
        {
            IReadOnlyList<LogLeaf> batch = await next;
            long expected = state.Size;
            next = BatchAsync(expected + batch.Count, size, cancellation);
            if (batch.Count == 0)
            {
                return LogBatches.Truncated(expected, size);
            }

            foreach (LogLeaf leaf in batch)
            {
                if (!LogBatches.TryRead(leaf, expected++, out LogEntry? entry, out LogFault? unreadable))
                {
                    await LogBatches.EndOfAsync(next);
                    return unreadable;
                }

                if (state.Apply(entry, new TreeHash(leaf.LeafHash.Span)) is { Rule: not ReplayRule.None } broken)
                {
                    await LogBatches.EndOfAsync(next);
                    return new LogFault(LogFault.Broken, broken.ToString());
                }
            }
        }

        if (state.RootAt(size) != root)
        {
            return LogBatches.OtherRoot(size);
        }

        return _seen.Highest is { } highest && state.RootAt(highest.Size) != highest.Root
            ? new LogFault(LogFault.RolledBack, $"the log is another one than this service has seen at {highest.Size}:{highest.Root}")
            : null;
    }

    private Task<IReadOnlyList<LogLeaf>> BatchAsync(long first, long size, CancellationToken cancellation) => first >= size
        ? Task.FromResult<IReadOnlyList<LogLeaf>>([])
        : parts.Log.ReadAsync(tenant, first, (int)Math.Min(BatchEntries, size - first), cancellation);

    // Whoever waits goes on by itself, not inside of the follower.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Tell(ref LogFault? place, LogFault? fault)
    {
        LogFault? before = place;
        Volatile.Write(ref place, fault);
        if (fault is not null && fault != before)
        {
            parts.Metrics.LogAlarm(fault.Reason);
            parts.Logger.LogRefused(tenant, fault.Reason, fault.Detail);
        }
        else if (fault is null && before is not null && Fault is null)
        {
            parts.Logger.LogRecovered(tenant);
        }
    }
}
