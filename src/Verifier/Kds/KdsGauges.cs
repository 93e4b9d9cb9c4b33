using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using SevSnp.Launch;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Kds;

/// <summary>What the key service demands of us, and how old the revocation lists are.</summary>
internal sealed class KdsGauges : IGauges
{
    public KdsGauges(IMeterFactory factory, FleetTurns turns, VerifiedAnswers answers, IOptions<KdsOptions> options, TimeProvider clock)
    {
        Meter meter = factory.Create(VerifierMetrics.MeterName);
        bool isOffline = options.Value.Mode == KdsMode.Offline;
        meter.CreateObservableGauge("verifier.kds.pause.remaining", () => turns.OwnPauseLeft.TotalSeconds, "s", "What is left of a pause that AMD's key service demanded.");
        meter.CreateObservableGauge("verifier.kds.offline", () => isOffline ? 1 : 0, "{bool}", "1 when nothing is ever fetched from AMD's key service.");
        meter.CreateObservableGauge(
            "verifier.crl.age", () => Lists(l => clock.GetUtcNow() - l.FetchedAt), "s", "Time since a revocation list was fetched, by kind of key and product.");
        meter.CreateObservableGauge(
            "verifier.crl.remaining", () => Lists(l => l.NotAfter - clock.GetUtcNow()), "s", "Time until a revocation list is of no use any more, by kind of key and product.");

        IEnumerable<Measurement<double>> Lists(Func<KdsMaterial, TimeSpan> time) => answers.NewestLists.Select(list => new Measurement<double>(
            time(list).TotalSeconds, new("key", list.Item.Key == KeyKind.Vlek ? "vlek" : "vcek"), new("product", list.Item.Product.ToString())));
    }
}
