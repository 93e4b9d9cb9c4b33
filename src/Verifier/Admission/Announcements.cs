namespace Verifier.Service.Admission;

/// <summary>A call that was let in at the door and has not asked for its place yet. Changes under the lock of <see cref="AdmissionGate"/> only.</summary>
/// <param name="lane">What for.</param>
/// <param name="caller">For whose share it counts.</param>
internal sealed class Announcement(Lane lane, string caller)
{
    public Lane Lane { get; } = lane;

    public string Caller { get; } = caller;

    /// <summary>When it came.</summary>
    public long Since { get; init; }

    /// <summary>Where it stands; null once it does not count any more.</summary>
    public LinkedListNode<Announcement>? Node { get; set; }
}

/// <summary>Calls that are on the way to a lane.</summary>
/// <param name="All">Of all callers.</param>
/// <param name="OfCaller">Of the one who asks.</param>
internal readonly record struct OnTheWay(int All, int OfCaller);

/// <summary>
/// The calls between the door and the queue. Each of them finds the room there that all the others were let in for, too: with many at once most
/// would be read, and looked at for what they may, only to be refused. Whoever is long on the way, such as a caller whose message does not come, counts no
/// more: nobody keeps others out by that. Not safe for several threads.
/// </summary>
internal sealed class Announcements(TimeProvider clock)
{
    // What it takes to ask the store for a tenant's settings, while there is much to do.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(50);

    private readonly LinkedList<Announcement> _all = [];
    private readonly int[] _lanes = new int[Lanes.Count];
    private readonly Tally<(Lane Lane, string Caller)> _callers = new();

    /// <summary>How many are on the way to a lane.</summary>
    public OnTheWay To(Lane lane, string caller, long now)
    {
        Forget(now);
        return new(_lanes[(int)lane], _callers.Of((lane, caller)));
    }

    public Announcement Add(Lane lane, string caller, long now)
    {
        Announcement added = new(lane, caller) { Since = now };
        added.Node = _all.AddLast(added);
        Count(added, 1);
        return added;
    }

    /// <summary>It is there, or has gone.</summary>
    public void Remove(Announcement announcement)
    {
        if (announcement.Node is { } node)
        {
            _all.Remove(node);
            announcement.Node = null;
            Count(announcement, -1);
        }
    }

    private void Forget(long now)
    {
        while (_all.First is { Value: var oldest } && clock.GetElapsedTime(oldest.Since, now) > Longest)
        {
            Remove(oldest);
        }
    }

    private void Count(Announcement announcement, int change)
    {
        _lanes[(int)announcement.Lane] += change;
        _callers.Change((announcement.Lane, announcement.Caller), change);
    }
}
