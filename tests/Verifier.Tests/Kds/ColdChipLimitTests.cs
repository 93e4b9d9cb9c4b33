using SevSnp.Certificates;
using SevSnp.Verification;
using Verifier.Service.Kds;
using Verifier.TestKit;
using Verifier.TestKit.Kds;

namespace Verifier.Tests.Kds;

public sealed class ColdChipLimitTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;

    [Fact]
    public async Task T101_RandomChipIds_AreBoundedAndWarmChipsUnaffected()
    {
        SimulatedKey warm = Amd.Vcek();
        FakeKds kds = await FakeKds.StartAsync();
        kds.Publish(Amd, warm);
        await using KdsBench bench = KdsBench.For(kds, Amd.Roots, null, ("MaxPendingChips", "4"));
        await bench.CompleteAsync(warm);
        TaskCompletionSource gate = new();
        kds.Misbehave(KdsBehaviours.After(gate.Task));
        kds.ResetCounts();

        Task<Evidence>[] calls = [.. Enumerable.Range(0, 100).Select(i => bench.CompleteAsync((ReportBuilder.For(warm) with { ChipId = SimulatedChip.Named(Amd.Product, $"random {i}").ChipId }).Sign(warm)))];
        Assert.NotNull((await bench.CompleteAsync(warm)).Certificates.Find(CertificateRole.Vcek));

        // Four are on their way until the gate opens; only when all others were turned away can none take a place that became free.
        while (calls.Count(call => call.IsCompleted) < 96)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        gate.SetResult();
        int busy = 0;
        foreach (Task<Evidence> call in calls)
        {
            busy += await IsBusyAsync(call) ? 1 : 0;
        }

        Assert.Equal(96, busy);
        Assert.Equal(4, kds.RequestedPaths.Count(path => path.Contains("blSPL", StringComparison.Ordinal)));
    }

    private static async Task<bool> IsBusyAsync(Task<Evidence> call)
    {
        try
        {
            Assert.StartsWith("KDS_NO_SUCH_CERTIFICATE", (await call).MissingLeafReason, StringComparison.Ordinal);
            return false;
        }
        catch (KdsUnavailableException e)
        {
            Assert.Equal("KDS_BUSY", e.Reason);
            Assert.NotNull(e.RetryAfter);
            return true;
        }
    }
}
