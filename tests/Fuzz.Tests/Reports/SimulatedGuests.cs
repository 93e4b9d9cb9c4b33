using SevSnp.Certificates;
using SevSnp.Launch;
using Verifier.TestKit;

namespace Verifier.Fuzz.Tests.Reports;

/// <summary>Good guests of two product lines and both kinds of key, with everything to judge them by.</summary>
internal static class SimulatedGuests
{
    private static readonly Lazy<Scenario[]> LazyAll = new(() =>
    [
        Scenario.Vcek() with { Leaf = Milan }, Scenario.Vcek(version: 2) with { Leaf = Milan }, Scenario.Vcek(version: 3) with { Leaf = Milan }, Scenario.Vlek(), Scenario.Vcek(ProductLine.Turin),
    ]);

    private static readonly Lazy<SimulatedKey> LazyMilan = new(() => VirtualAmd.Milan.Vcek());

    public static IReadOnlyList<Scenario> All => LazyAll.Value;

    /// <summary>One key for all guests on the one chip of Milan.</summary>
    public static SimulatedKey Milan => LazyMilan.Value;

    /// <summary>The keys that may sign.</summary>
    public static IReadOnlyList<SimulatedKey> Keys { get; } = [.. All.Select(s => s.Leaf).Distinct()];

    /// <summary>AMD's roots and the simulated ones.</summary>
    public static TrustRoots Roots { get; } = TrustRoots.Amd.WithUnsafeExtra([Parse(VirtualAmd.Milan.Ark.Certificate), Parse(VirtualAmd.Turin.Ark.Certificate)]);

    /// <summary>The certificates of all guests.</summary>
    public static CertificateBundle Bundle { get; } = All.Aggregate(CertificateBundle.Empty, (bundle, s) => bundle.With(s.Bundle));

    /// <summary>Those of Milan alone: a report of version 2 does not name its product line, so there must be one VCEK to choose from.</summary>
    public static CertificateBundle Milanese { get; } = All[0].Bundle.With(All[3].Bundle);

    private static AmdCertificate Parse(byte[] der) =>
        AmdCertificate.TryParse(der, out AmdCertificate? certificate, out _) ? certificate : throw new InvalidOperationException("The simulated root is not of AMD's profile.");
}
