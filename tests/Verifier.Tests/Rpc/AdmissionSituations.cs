using Microsoft.Extensions.DependencyInjection;
using Verifier.Service.Admission;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Rpc;

/// <summary>Services that have enough to do.</summary>
internal static class AdmissionSituations
{
    public static string[] Small { get; } = ["--Admission:MaxInFlight=16", "--Admission:Concurrency=1"];

    public static bool IsLoad(string reason) => reason is "OVERLOADED" or "CALLER_SHARE_TAKEN" or "TENANT_SHARE_TAKEN";

    /// <summary>Other callers have everything that is not kept for whoever has nothing, and that too.</summary>
    public static void FillHouse(TestService service)
    {
        AdmissionGate gate = service.App.Services.GetRequiredService<AdmissionGate>();
        for (int caller = 0; caller < 100; caller++)
        {
            gate.TryEnter(Lane.Verify, false, $"caller {caller}", null, out _);
        }
    }

    /// <summary>Every place is taken, and stays so.</summary>
    public static async Task FillPlacesAsync(TestService service)
    {
        WorkPlaces places = service.App.Services.GetRequiredService<WorkPlaces>();
        foreach (Lane lane in Enum.GetValues<Lane>().Prepend(Lane.Verify))
        {
            await places.EnterAsync(new Claimant(lane, "other", "filler"), null, CancellationToken.None);
        }
    }

    public static async Task OverloadedAsync()
    {
        await using TestService service = await TestService.StartAsync(Small);
        FillHouse(service);
        await service.Verifier.VerifyAsync(Requests.Verify());
    }

    public static async Task CallerShareAsync()
    {
        await using TestService service = await TestService.StartAsync(Small);
        AdmissionGate gate = service.App.Services.GetRequiredService<AdmissionGate>();
        while (gate.TryEnter(Lane.Verify, false, "127.0.0.1", null, out _) is null)
        {
        }

        await service.Verifier.VerifyAsync(Requests.Verify());
    }

    public static async Task TenantShareAsync()
    {
        await using TestService service = await TestService.StartAsync(Small);
        await FillPlacesAsync(service);
        WorkPlaces places = service.App.Services.GetRequiredService<WorkPlaces>();
        List<Task<Place>> waiting = [];
        for (int caller = 0; waiting.All(w => !w.IsFaulted); caller++)
        {
            waiting.Add(EnterAsync(places, $"caller {caller}"));
        }

        await service.Verifier.VerifyAsync(Requests.Verify());
    }

    public static async Task DeadlineTooShortAsync()
    {
        await using TestService service = await TestService.StartAsync(["--Admission:Concurrency=64"]);
        WorkPlaces places = service.App.Services.GetRequiredService<WorkPlaces>();
        Place[] slow = await Task.WhenAll(Enumerable.Range(0, ServiceTimes.LeastCalls).Select(_ => EnterAsync(places, "slow")));
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        Array.ForEach(slow, p => p.Dispose());
        await service.Verifier.VerifyAsync(Requests.Verify(), deadline: DateTime.UtcNow.AddSeconds(30));
    }

    private static async Task<Place> EnterAsync(WorkPlaces places, string caller) =>
        await places.EnterAsync(new Claimant(Lane.Verify, "default", caller), null, CancellationToken.None);
}
