using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Verifier.Service.Admission;

namespace Verifier.Tests.Admission;

/// <summary>The places alone: a clock that a test moves, and calls that end when it says so.</summary>
internal sealed class PlacesBench : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public PlacesBench(int concurrency = 1) => Places = new WorkPlaces(
        Options.Create(new AdmissionOptions { Concurrency = concurrency }), new AdmissionMetrics(_services.GetRequiredService<IMeterFactory>()), Clock);

    public FakeTimeProvider Clock { get; } = new();

    public WorkPlaces Places { get; }

    /// <summary>A call that has its place at once, or waits for it.</summary>
    public Task<Place> Enter(Lane lane = Lane.Verify, string identity = "a", string tenant = "t", TimeSpan? left = null) =>
        EnterAsync(new Claimant(lane, tenant, identity), left, TestContext.Current.CancellationToken);

    public Task<Place> EnterUntil(CancellationToken leaving) => EnterAsync(new Claimant(Lane.Verify, "t", "a"), null, leaving);

    // What is refused at once throws at once; here it is a task like all others.
    private async Task<Place> EnterAsync(Claimant claimant, TimeSpan? left, CancellationToken cancellation) => await Places.EnterAsync(claimant, left, cancellation);

    public static async Task<RefusalReason> RefusedAsync(Task<Place> call) => (await Assert.ThrowsAsync<NotAdmittedException>(() => call)).Refusal.Reason;

    /// <summary>Takes the shared place and all others; gives the shared one.</summary>
    public async Task<Place> FillAsync()
    {
        Place shared = await Enter();
        foreach (Lane lane in Enum.GetValues<Lane>())
        {
            Assert.True(Enter(lane, "filler").IsCompletedSuccessfully);
        }

        Assert.False(shared.IsOwn);
        return shared;
    }

    /// <summary>Lets calls of this length be seen, enough of them to go by.</summary>
    public async Task LearnAsync(TimeSpan length, Lane lane = Lane.Verify)
    {
        for (int i = 0; i < 200; i++)
        {
            using Place place = await Enter(lane);
            Clock.Advance(length);
        }
    }

    /// <summary>Who gets the place, one after the other, each giving it back at once.</summary>
    public static async Task<string> ServedAsync(Place first, params IEnumerable<Task<Place>> waiting)
    {
        List<Task<Place>> left = [.. waiting];
        List<string> order = [];
        Place place = first;
        while (left.Count > 0)
        {
            place.Dispose();
            Task<Place> next = await Task.WhenAny(left).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            left.Remove(next);
            place = await next;
            order.Add($"{place.Claimant.Lane}/{place.Claimant.Tenant}/{place.Claimant.Identity}");
        }

        place.Dispose();
        return string.Join(' ', order);
    }

    public void Dispose()
    {
        Places.Dispose();
        _services.Dispose();
    }
}
