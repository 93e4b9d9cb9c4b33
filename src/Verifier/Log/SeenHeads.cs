using Verifier.Ledger;

namespace Verifier.Service.Log;

/// <summary>
/// The highest head of a tenant's log that was seen, in memory and on disk. A head counts once no fail-over can take it away: a change that
/// nobody was told of may be lost by one, and that is no rollback. But it counts, too, once it has stood for <see cref="LongestDoubt"/>: a store
/// that never lets a head be confirmed could go back behind it as often as it likes. Used by one pass at a time, but for <see cref="Save"/>.
/// </summary>
internal sealed class SeenHeads(string tenant, FollowerParts parts)
{
    /// <summary>What a fail-over takes away is younger than this; what is older and gone is for an operator to look at.</summary>
    public static readonly TimeSpan LongestDoubt = TimeSpan.FromSeconds(5);

    private (TreeHead Head, byte[] Bytes, long Since)? _doubted;
    private (Task Confirmed, TreeHead Head, byte[] Bytes)? _asked;
    private bool _isRestored;
    private byte[]? _unsaved;
    private bool _saveFailed;

    /// <summary>The highest; null while there is none.</summary>
    public TreeHead? Highest { get; private set; }

    /// <summary>Reads what was kept, once. Damage of it is told, and refused: it may have been made to hide a rollback.</summary>
    public LogFault? Restore()
    {
        try
        {
            StoredHead? kept = _isRestored ? null : parts.Kept.Read(tenant);
            if (kept is not null && parts.Verifier().Check(kept.SignedHead) != HeadCheck.Valid)
            {
                throw new InvalidDataException("the kept head is not signed by Log:KeyFile or one of Log:TrustedKeyFiles");
            }

            Highest ??= kept?.SignedHead.Head;
            _isRestored = true;
            return null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return new LogFault(LogFault.RolledBack, $"the highest head seen before cannot be read: {e.Message}");
        }
    }

    /// <summary>A head that was followed.</summary>
    /// <param name="head">The head.</param>
    /// <param name="bytes">As it is stored.</param>
    /// <param name="holds">Whether the log as it is followed now still has an earlier head.</param>
    public void Follow(TreeHead head, byte[] bytes, Func<TreeHead, bool> holds)
    {
        if (_asked is { Confirmed.IsCompleted: true } asked)
        {
            _asked = null;
            // Why not is told to whoever waits for a change; here it is asked again. Reading it observes it.
            if (asked.Confirmed.Exception is null && asked.Confirmed.IsCompletedSuccessfully)
            {
                RaiseIfHeld(asked.Head, asked.Bytes, holds);
            }
        }

        if (_doubted is { } doubted && parts.Clock.GetElapsedTime(doubted.Since) >= LongestDoubt)
        {
            RaiseIfHeld(doubted.Head, doubted.Bytes, holds);
            _doubted = null;
        }

        if (head == Highest)
        {
            _doubted = null;
            return;
        }

        if (_doubted is not { } older || older.Head.Size <= (Highest?.Size ?? 0))
        {
            _doubted = (head, bytes, parts.Clock.GetTimestamp());
        }

        if (_asked is null)
        {
            Task confirmed = parts.Log.ConfirmAsync(tenant, CancellationToken.None);
            if (confirmed.IsCompletedSuccessfully)
            {
                RaiseIfHeld(head, bytes, holds);
            }
            else
            {
                _asked = (confirmed, head, bytes);
            }
        }
    }

    /// <summary>A head below or beside the highest one is a rollback, unless the operator named exactly this one.</summary>
    /// <returns>The fault; null when there is none. Where a rollback was accepted, there is no highest head any more.</returns>
    public LogFault? FaultOf(long size, TreeHash root)
    {
        if (Highest is not { } highest || size > highest.Size || (size == highest.Size && root == highest.Root))
        {
            return null;
        }

        string now = $"{size}:{root}";
        if (!parts.AcceptRollback.Contains(now))
        {
            return new LogFault(LogFault.RolledBack, $"the store is at {now}, after this service has seen {highest.Size}:{highest.Root}. If that is meant, set Log:AcceptRollback:0={now}");
        }

        parts.Logger.RollbackAccepted(tenant, size, root);
        (Highest, _doubted, _asked) = (null, null, null);
        return null;
    }

    /// <summary>Keeps the highest head on disk if it is new; called by one background task.</summary>
    public void Save()
    {
        if (Interlocked.Exchange(ref _unsaved, null) is not { } bytes)
        {
            return;
        }

        try
        {
            parts.Kept.Write(tenant, bytes);
            _saveFailed = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Tried again with the next pass, unless a newer one has come: without it, a restart would not notice a store that went back.
            Interlocked.CompareExchange(ref _unsaved, bytes, null);
            if (!_saveFailed)
            {
                _saveFailed = true;
                parts.Logger.HeadNotKept(tenant, e.Message);
            }
        }
    }

    private void RaiseIfHeld(TreeHead head, byte[] bytes, Func<TreeHead, bool> holds)
    {
        if (head.Size >= (Highest?.Size ?? 0) && holds(head))
        {
            Highest = head;
            Volatile.Write(ref _unsaved, bytes);
        }
    }
}
