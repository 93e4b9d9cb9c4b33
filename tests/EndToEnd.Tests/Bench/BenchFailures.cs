using System.Text.Json;

namespace Verifier.EndToEnd.Tests.Bench;

/// <summary>What failed of a load that <c>verifierctl bench</c> made.</summary>
internal static class BenchFailures
{
    private static readonly string[] OfAStall = ["UNAVAILABLE STORE_UNAVAILABLE", "DEADLINE_EXCEEDED"];

    /// <summary>Statuses and reasons. They may come of a machine that stood still, and such a load says nothing; whatever else failed is the service's fault.</summary>
    public static string[] OfTheMachine(JsonElement phase)
    {
        string[] failures = [.. phase.GetProperty("outcomes").EnumerateArray().Where(o => o.GetProperty("outcome").GetString() == "failed").Select(o => o.GetProperty("reason").GetString()!)];
        Assert.Empty(failures.Except(OfAStall));
        return failures;
    }
}
