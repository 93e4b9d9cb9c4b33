using Microsoft.Extensions.Options;
using Verifier.Service.Admission;

namespace Verifier.Tests.Admission;

/// <summary>T94: calls that were let in at the door and have not come to the queue yet have their room there.</summary>
public sealed class OnTheWayTests : IDisposable
{
    // As the queue of a bench is that has learnt nothing yet.
    private const int Room = 40;

    private readonly PlacesBench _bench = new();
    private readonly AdmissionGate _gate;

    public OnTheWayTests() => _gate = new AdmissionGate(_bench.Places, Options.Create(new AdmissionOptions()), _bench.Clock);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task AsManyAsThereIsRoomFor_ComeIn_AndTheNextIsRefusedAtTheDoor()
    {
        await CrowdAsync();
        Assert.Equal(Room - 1, Enumerable.Range(0, 100).Count(i => Ask($"{i}") is null));
        Assert.Equal(RefusalReason.Overloaded, Ask("late"));

        // Other lanes have queues of their own.
        Assert.Null(Ask("late", Lane.Read));
        Assert.Null(Ask("late", Lane.Revocation));
    }

    [Fact]
    public async Task OneCaller_HasHalfOfTheRoomAtMost()
    {
        await CrowdAsync();
        Assert.Equal(20, Enumerable.Range(0, 100).Count(_ => Ask("flood") is null));
        Assert.Equal(RefusalReason.CallerShare, Ask("flood"));
        Assert.Null(Ask("other"));
    }

    [Fact]
    public async Task WhoHasGone_IsOnTheWayNoMore()
    {
        await CrowdAsync();
        List<AdmissionGate.Entry> entries = AskUntilRefused();

        _gate.Leave(entries[0]);

        Assert.Null(Ask("next"));
        Assert.Equal(RefusalReason.Overloaded, Ask("late"));
    }

    [Fact]
    public async Task WhoHasArrived_IsOnTheWayNoMore_AndIsTakenOffOnce()
    {
        await CrowdAsync();
        List<AdmissionGate.Entry> entries = AskUntilRefused();

        _gate.Arrived(entries[0].Announcement!);
        Assert.Null(Ask("next"));
        Assert.Equal(RefusalReason.Overloaded, Ask("late"));

        _gate.Leave(entries[0]);
        Assert.Equal(RefusalReason.Overloaded, Ask("late"));
    }

    // With those counted whom nobody has asked yet what they may, a hundred strangers would keep the administrator out.
    [Fact]
    public async Task Revocation_ComesIn_WhoeverElseIsOnTheWayToRevoke()
    {
        await _bench.LearnAsync(TimeSpan.FromMilliseconds(20), Lane.Revocation);
        await _bench.FillAsync();
        Assert.False(_bench.Enter(Lane.Revocation, "first", "first").IsCompleted);

        Assert.All(Enumerable.Range(0, 300), i => Assert.Null(Ask($"stranger {i}", Lane.Revocation)));
        Assert.Null(Ask("administrator", Lane.Revocation));
    }

    [Fact]
    public async Task WhoIsLongOnTheWay_KeepsNobodyOut()
    {
        await CrowdAsync();
        Assert.Equal(Room - 1, Enumerable.Range(0, 100).Count(i => Ask($"slow {i}") is null));
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(49));
        Assert.Equal(RefusalReason.Overloaded, Ask("next"));
        _bench.Clock.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Null(Ask("next"));
    }

    [Fact]
    public async Task WhereNobodyWaits_ThoseOnTheWayCountAsWell()
    {
        await _bench.LearnAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Room, Enumerable.Range(0, 100).Count(i => Ask($"{i}") is null));
    }

    [Fact]
    public void FreshProcess_LetsEverybodyIn_AsLongAsNobodyWaits() => Assert.All(Enumerable.Range(0, 200), i => Assert.Null(Ask($"{i}")));

    [Fact]
    public async Task Stream_IsOnTheWayToNoPlace()
    {
        await CrowdAsync();
        Assert.Null(_gate.TryEnter(Lane.Verify, true, "a", null, out AdmissionGate.Entry stream));
        Assert.Null(stream.Announcement);
        _gate.Leave(stream);
        Assert.Equal(Room - 1, Enumerable.Range(0, 100).Count(i => Ask($"{i}") is null));
    }

    // Every place is taken, and one call waits.
    private async Task CrowdAsync()
    {
        await _bench.FillAsync();
        Assert.False(_bench.Enter(identity: "first", tenant: "first").IsCompleted);
    }

    private List<AdmissionGate.Entry> AskUntilRefused()
    {
        List<AdmissionGate.Entry> entries = [];
        while (_gate.TryEnter(Lane.Verify, false, $"{entries.Count}", null, out AdmissionGate.Entry entry) is null)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private RefusalReason? Ask(string caller, Lane lane = Lane.Verify) => _gate.TryEnter(lane, false, caller, null, out _)?.Reason;
}
