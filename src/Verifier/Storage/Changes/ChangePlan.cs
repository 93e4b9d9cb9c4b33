using SevSnp.References;
using Verifier.Ledger;
using Verifier.Service.Documents;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Changes;

/// <summary>What a store found before a change: the answer once given to this request id, the value as it stands, a tombstone of one of its measurements.</summary>
internal sealed record Found(RecordedAnswer? Recorded, StoredReferenceValue? Current, Tombstone? Tombstone)
{
    /// <summary>The value byte for byte as it is stored; empty when there is none.</summary>
    public ReadOnlyMemory<byte> CurrentBytes { get; init; }
}

/// <summary>The answer once given to a request id, with the fingerprint of the request it was given to: one of the two is present.</summary>
internal sealed record RecordedAnswer(string Fingerprint, StoredReferenceValue? Answer, StoredDocument? Document);

/// <summary>
/// What a change comes to. Pure: the stores read, ask here, and write what is said; so that both keep the same rules. A store applies
/// a plan only if nothing of what it found has changed meanwhile.
/// </summary>
internal abstract record ChangePlan
{
    private ChangePlan()
    {
    }

    /// <summary>Nothing is written.</summary>
    public sealed record Answer(ChangeOutcome Outcome) : ChangePlan;

    /// <summary>To be written in one transaction: the value as bytes, tombstones where there are none yet, and the entry of the log.</summary>
    public sealed record Apply(StoredReferenceValue Value, byte[] Body, IReadOnlyList<Tombstone> Tombstones, LogEntry Entry) : ChangePlan
    {
        /// <summary>Launches of the value's file that are not registered, to be kept where no look-up of a measurement leads.</summary>
        public IReadOnlyList<NearVariant> Near { get; init; } = [];
    }
}
