using SevSnp.Primitives;
using Verifier.Service.Documents;

namespace Verifier.Service.Registry.Lifts;

/// <summary>A request to lift a revocation, as it was stored by who asked and, later, by who approved.</summary>
internal sealed record LiftRequest(
    string Tenant,
    string Id,
    Digest384 Measurement,
    string Reason,
    string Requester,
    string Approver,
    DateTimeOffset CreateTime,
    string Etag)
{
    /// <summary>How long a request may wait: what two people wanted together should be one decision.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    public bool IsApproved => Approver.Length > 0;

    public DateTimeOffset ExpireTime => CreateTime + Life;
}

/// <summary>How a step of a request ended.</summary>
internal abstract record LiftOutcome
{
    private LiftOutcome()
    {
    }

    /// <summary>As it stands now, and the reference values that have the measurement.</summary>
    public sealed record Done(LiftRequest Request, IReadOnlyList<StoredReferenceValue> Values) : LiftOutcome;

    /// <summary>It has been approved, or is too old.</summary>
    public sealed record WrongState(bool Expired) : LiftOutcome;

    /// <summary>The document was not changed, for this reason.</summary>
    public sealed record Refused(DocumentOutcome Outcome) : LiftOutcome;
}
