using CsCheck;
using Verifier.Service.Admission;

namespace Verifier.Tests.Admission;

/// <summary>Whatever happens in whatever order: never more places than there are, and none is lost.</summary>
public sealed class ScheduleTests
{
    private const int Concurrency = 3;

    [Fact]
    public void AnySchedule_LeavesNoPlaceTaken() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, Lanes.Count - 1], Gen.Int[0, 3], Gen.Int[0, 1000]).List[1, 120].Sample(steps => RunAsync(steps).GetAwaiter().GetResult(), iter: 400);

    [Fact]
    public void AnyCallers_AreCountedOutAsTheyWereCountedIn() =>
        Gen.Select(Gen.Bool, Gen.Int[0, Lanes.Count - 1], Gen.Int[0, 5], Gen.Int[0, 1000]).List[1, 300].Sample(steps =>
        {
            InFlightCounts counts = new(64);
            List<(Lane Lane, string Caller, bool IsOwn)> inside = [];
            foreach ((bool enters, int lane, int caller, int which) in steps)
            {
                if (enters && counts.TryEnter((Lane)lane, $"{caller}", out bool isOwn) is null)
                {
                    inside.Add(((Lane)lane, $"{caller}", isOwn));
                }
                else if (!enters && inside.Count > 0)
                {
                    (Lane left, string name, bool wasOwn) = inside[which % inside.Count];
                    inside.RemoveAt(which % inside.Count);
                    counts.Leave(left, name, wasOwn);
                }

                Assert.Equal(inside.Count, counts.All);
                Assert.InRange(counts.All, 0, 64 + (2 * Lanes.Count));
            }

            inside.ForEach(i => counts.Leave(i.Lane, i.Caller, i.IsOwn));
            Assert.Equal((0, 0), (counts.All, counts.Callers));
        });

    private static async Task RunAsync(List<(int Kind, int Lane, int Caller, int Which)> steps)
    {
        using PlacesBench bench = new(Concurrency);
        List<Call> calls = [];
        foreach ((int kind, int lane, int caller, int which) in steps)
        {
            Call? some = calls.Count == 0 ? null : calls[which % calls.Count];
            switch (kind)
            {
                case 0 or 1:
                    calls.Add(new Call(bench, (Lane)lane, $"{caller}", isItem: which % 4 == 0));
                    break;
                case 2:
                    some?.End();
                    break;
                case 3:
                    some?.Leave();
                    break;
                case 4:
                    some?.WaitOutside(isFar: which % 2 == 0);
                    break;
                case 5:
                    some?.Answer(isFault: which % 5 == 0);
                    break;
                default:
                    bench.Clock.Advance(TimeSpan.FromMilliseconds(which % 60));
                    break;
            }

            Assert.InRange(bench.Places.InUse, 0, Concurrency + Lanes.Count);
        }

        foreach (Call call in calls)
        {
            call.Answer(isFault: false);
            call.End();
        }

        await Task.WhenAll(calls.Select(c => c.Whole)).WaitAsync(TimeSpan.FromSeconds(120));
        Assert.Equal((0, 0), (bench.Places.InUse, bench.Places.Waiting));
        calls.ForEach(c => c.Dispose());
    }

    /// <summary>One call: gets a place, may wait for others once, ends when told.</summary>
    private sealed class Call : IDisposable
    {
        private readonly CancellationTokenSource _leaving = new();
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<int> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<bool> _outside = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Call(PlacesBench bench, Lane lane, string caller, bool isItem) => Whole = RunAsync(bench, new Claimant(lane, "t", caller), isItem);

        public Task Whole { get; }

        public void End()
        {
            _outside.TrySetResult(false);
            _end.TrySetResult();
        }

        public void Leave() => _leaving.Cancel();

        public void WaitOutside(bool isFar)
        {
            IsFar = isFar;
            _outside.TrySetResult(true);
        }

        public void Answer(bool isFault)
        {
            if (isFault)
            {
                _answer.TrySetException(new InvalidOperationException());
            }
            else
            {
                _answer.TrySetResult(1);
            }
        }

        public void Dispose() => _leaving.Dispose();

        private bool IsFar { get; set; }

        private async Task RunAsync(PlacesBench bench, Claimant claimant, bool isItem)
        {
            try
            {
                using Place place = await (isItem
                    ? bench.Places.WaitAsync(claimant, _leaving.Token)
                    : bench.Places.EnterAsync(claimant, null, _leaving.Token));
                if (await _outside.Task)
                {
                    await (IsFar ? place.FarOutsideAsync(_answer.Task, _leaving.Token) : place.OutsideAsync(_answer.Task, _leaving.Token));
                }

                await _end.Task;
            }
            catch (Exception e) when (e is NotAdmittedException or OperationCanceledException or InvalidOperationException)
            {
                // Each of them is an end, too.
            }
        }
    }
}
