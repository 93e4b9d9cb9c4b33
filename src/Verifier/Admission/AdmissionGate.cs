using Microsoft.Extensions.Options;

namespace Verifier.Service.Admission;

/// <summary>Decides at the door, before anything of a call's message is read, whether it comes in.</summary>
internal sealed class AdmissionGate(WorkPlaces places, IOptions<AdmissionOptions> options, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly InFlightCounts _calls = new(options.Value.MaxInFlight);
    private readonly InFlightCounts _streams = new(options.Value.MaxStreams);
    private readonly Announcements _announced = new(clock);

    /// <summary>Calls that are in, and streams.</summary>
    public (int Calls, int Streams) InFlight
    {
        get
        {
            lock (_lock)
            {
                return (_calls.All, _streams.All);
            }
        }
    }

    /// <summary>Lets a call in, or tells why not.</summary>
    /// <param name="lane">What for.</param>
    /// <param name="isStream">Whether it lasts as long as its caller wants.</param>
    /// <param name="caller">Who calls, as far as can be told already.</param>
    /// <param name="left">What the caller says of its deadline; null when nothing.</param>
    /// <param name="entry">To be given back when the call has ended; nothing when it was refused.</param>
    public Refusal? TryEnter(Lane lane, bool isStream, string caller, TimeSpan? left, out Entry entry)
    {
        entry = default;
        RefusalReason? reason;
        lock (_lock)
        {
            long now = clock.GetTimestamp();
            if (!isStream && places.WouldRefuse(lane, caller, left, _announced.To(lane, caller, now)) is { } refusal)
            {
                return refusal;
            }

            reason = (isStream ? _streams : _calls).TryEnter(lane, caller, out bool isOwn);
            entry = new Entry(lane, isStream, caller, isOwn) { Announcement = reason is null && IsCounted(lane, isStream) ? _announced.Add(lane, caller, now) : null };
        }

        return reason is { } why ? places.RefuseFor(why) : null;
    }

    /// <summary>A call that is in asks for its place now.</summary>
    public void Arrived(Announcement announcement)
    {
        lock (_lock)
        {
            _announced.Remove(announcement);
        }
    }

    /// <summary>The call has ended.</summary>
    public void Leave(Entry entry)
    {
        lock (_lock)
        {
            if (entry.Announcement is { } announcement)
            {
                _announced.Remove(announcement);
            }

            (entry.IsStream ? _streams : _calls).Leave(entry.Lane, entry.Caller, entry.IsOwn);
        }
    }

    // Whoever is on the way may be a stranger who is let do nothing: none of them may hold up a revocation.
    private static bool IsCounted(Lane lane, bool isStream) => !isStream && lane != Lane.Revocation;

    /// <summary>A call that is in.</summary>
    internal readonly record struct Entry(Lane Lane, bool IsStream, string Caller, bool IsOwn)
    {
        /// <summary>That it is on its way to a place; null of a stream, which gets none, and of a revocation, which is not counted.</summary>
        public Announcement? Announcement { get; init; }
    }
}
