namespace Verifier.Service.Kds;

/// <summary>
/// One item on its way, with its place in the line and what those who wait for it must know. Everybody who joins can only move it ahead.
/// </summary>
internal sealed class KdsErrand(KdsItem item, Asker first, KdsUrgency urgency, TimeProvider clock)
{
    // Long enough for a caller who was told to come back, and short enough that nobody's leftovers fill the line.
    private static readonly TimeSpan Interest = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _lastAsked = clock.GetTimestamp();

    public KdsItem Item { get; } = item;

    /// <summary>Whose share it takes.</summary>
    public Asker First { get; } = first;

    public KdsUrgency Urgency { get; private set; } = urgency;

    /// <summary>The turn, once the line has been entered; its result is false when nobody wanted it any more.</summary>
    public TaskCompletionSource<bool>? Turn { get; private set; }

    /// <summary>Place among those of the same urgency: rounds are fair to callers, and first come within one.</summary>
    public (long Round, long Number) Place { get; set; }

    public long EnteredAt { get; private set; }

    /// <summary>Ends with the next change that may lengthen the wait: the line was entered, or a pause began.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>True when it was asked for by a call, and none has asked for it again for minutes.</summary>
    public bool IsAbandoned => Urgency == KdsUrgency.Asked && clock.GetElapsedTime(Interlocked.Read(ref _lastAsked)) > Interest;

    public void Ask(KdsUrgency urgency)
    {
        Interlocked.Exchange(ref _lastAsked, clock.GetTimestamp());
        lock (_gate)
        {
            Urgency = urgency < Urgency ? urgency : Urgency;
        }
    }

    public Task<bool> Enter()
    {
        lock (_gate)
        {
            EnteredAt = clock.GetTimestamp();
            Turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return Turn.Task;
        }
    }

    /// <summary>Wakes those who wait, so that they look again at how long it will take.</summary>
    public void Signal()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
