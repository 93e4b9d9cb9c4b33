using System.Diagnostics.Metrics;

namespace Verifier.Service.Telemetry;

/// <summary>Counts what becomes of challenges. Those that expire unused are only seen as issued and never spent.</summary>
internal sealed class ChallengeMetrics : IStartsAtZero
{
    /// <summary>Made and kept.</summary>
    public const string Issued = "issued";

    /// <summary>Not made: the tenant has as many unused ones as are kept.</summary>
    public const string Refused = "refused";

    /// <summary>Used up for a verdict.</summary>
    public const string Spent = "spent";

    /// <summary>Came with an authentic report and was none that serves: used before, expired, or never issued. Stores keep no record of which.</summary>
    public const string Dead = "dead";

    private readonly Counter<long> _challenges;

    public ChallengeMetrics(IMeterFactory factory) => _challenges = factory.Create(VerifierMetrics.MeterName)
        .CreateCounter<long>("verifier.challenges", "{challenge}", "Challenges, by what became of them.");

    public void Count(string use) => Add(use, 1);

    public void StartAtZero()
    {
        foreach (string use in new[] { Issued, Refused, Spent, Dead })
        {
            Add(use, 0);
        }
    }

    private void Add(string use, long count) => _challenges.Add(count, new KeyValuePair<string, object?>("use", use));
}
