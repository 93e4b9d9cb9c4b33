using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Hosting;

/// <summary>How long the certificate of the server is still valid, and whether its successor was refused. Nothing without TLS.</summary>
internal sealed class TlsGauges : IGauges
{
    public TlsGauges(IMeterFactory factory, TlsReloader reloader, IOptions<ServerOptions> options, TimeProvider clock)
    {
        bool isOn = options.Value.Tls.IsConfigured;
        Meter meter = factory.Create(VerifierMetrics.MeterName);
        meter.CreateObservableGauge(
            "verifier.tls.certificate.remaining",
            () => Where(isOn, () => (reloader.Current.NotAfter.ToUniversalTime() - clock.GetUtcNow().UtcDateTime).TotalSeconds),
            "s",
            "Time until the certificate of the server expires; negative once it has.");
        meter.CreateObservableGauge(
            "verifier.tls.certificate.refused", () => Where(isOn, () => reloader.IsRefused ? 1 : 0), "{bool}", "1 while changed files are refused and the old certificate stays in use.");
    }

    private static IEnumerable<Measurement<double>> Where(bool isOn, Func<double> value) => isOn ? [new Measurement<double>(value())] : [];
}
