using System.Text.Json;
using Verifier.Client.Online;
using Verifier.Ledger;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Log;

/// <summary>That the reference value a verdict names stands in the log, as one that accepts this measurement.</summary>
internal static class EntryProofCheck
{
    /// <summary>The head that the proof leads to; it is still to be checked itself.</summary>
    /// <exception cref="CommandFailure">The proof is absent, of something else, or wrong.</exception>
    public static RemoteHead Read(V1.VerifyResponse response, string tenant)
    {
        V1.MatchedReference match = response.Verdict?.Reference ?? throw LogFailures.Invalid("the service accepted and names no reference value");
        if (response.LogProof is not { Inclusion: { } inclusion } proof)
        {
            throw LogFailures.Invalid("the service gave no proof from its log");
        }

        RemoteHead head = RemoteHead.Read(proof.Head, tenant);
        InclusionProof path = new(inclusion.LeafIndex, inclusion.TreeSize, LogWatch.Hashes(inclusion.Hashes));
        if (inclusion.TreeSize != head.Size || !match.HasLogLeafIndex || match.LogLeafIndex != inclusion.LeafIndex || !path.Verify(TreeHashing.Leaf(proof.Entry.Span), head.Root))
        {
            throw LogFailures.Invalid("the service's proof does not show that the entry stands in its log");
        }

        string? fault = Fault(proof.Entry.ToByteArray(), response.Verdict, match, tenant);
        return fault is null ? head : throw LogFailures.Invalid($"the entry of the log {fault}");
    }

    private static string? Fault(byte[] bytes, V1.AttestationVerdict verdict, V1.MatchedReference match, string tenant)
    {
        if (!LogEntry.TryRead(bytes, out LogEntry? entry, out EntryFault unreadable))
        {
            return $"cannot be read: {unreadable}";
        }

        if (entry.Tenant != tenant || match.Name != $"{ResourceNames.Parent(tenant)}/{entry.Resource}" || entry.After.IsEmpty)
        {
            return "is not of the reference value that the verdict names";
        }

        // What the record says of itself must be what the verdict says of it: a record of the past that was revoked since has another last entry.
        using JsonDocument record = JsonDocument.Parse(entry.After);
        string? state = Text(record.RootElement, "state");
        string measurement = verdict.Report is { } report ? Convert.ToHexStringLower(report.Measurement.Span) : "";
        bool measured = match.BySigner || (record.RootElement.TryGetProperty("measurements", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            && list.EnumerateArray().Any(m => Text(m, "digest") == measurement));
        return state is not ("active" or "deprecated") ? $"leaves the reference value {state ?? "without a state"}"
            : !measured ? "does not register this measurement"
            : null;
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
