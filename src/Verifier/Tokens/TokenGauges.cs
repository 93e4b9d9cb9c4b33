using System.Diagnostics.Metrics;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Tokens;

/// <summary>The keys of signed results. Nothing while none are made.</summary>
internal sealed class TokenGauges : IGauges
{
    public TokenGauges(IMeterFactory factory, TokenKeys keys)
    {
        Meter meter = factory.Create(VerifierMetrics.MeterName);
        meter.CreateObservableGauge(
            "verifier.token.keys",
            IEnumerable<Measurement<int>> () => keys.IsOn
                ?
                [
                    new(keys.Signer is null ? 0 : 1, new KeyValuePair<string, object?>("state", "signing")),
                    new(keys.Published.Count, new KeyValuePair<string, object?>("state", "published")),
                ]
                : [],
            "{key}",
            "Keys of signed results: those that sign, which is one or none, and those that relying parties are told.");
        meter.CreateObservableGauge("verifier.token.files.refused", () => keys.RefusedFiles, "{file}", "Files of keys that are refused as they stand; what was read before stays in use.");
    }
}
