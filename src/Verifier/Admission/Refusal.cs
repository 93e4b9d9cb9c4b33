namespace Verifier.Service.Admission;

/// <summary>Why a call is not taken on now.</summary>
internal enum RefusalReason
{
    /// <summary>There is as much to do as can be done in time.</summary>
    Overloaded = 0,

    /// <summary>The caller has its share of what there is, and others want theirs.</summary>
    CallerShare = 1,

    /// <summary>The tenant has its share.</summary>
    TenantShare = 2,

    /// <summary>The caller leaves less time than such a call takes, whatever else there is to do.</summary>
    DeadlineTooShort = 3,
}

/// <summary>A call that is not taken on now, and when to come back.</summary>
/// <param name="Reason">Why.</param>
/// <param name="RetryAfter">Between 100 ms and 1 s, jitter included.</param>
internal readonly record struct Refusal(RefusalReason Reason, TimeSpan RetryAfter);

/// <summary>A call was refused after its message was read.</summary>
internal sealed class NotAdmittedException(Refusal refusal) : Exception($"Not admitted: {refusal.Reason}.")
{
    public Refusal Refusal { get; } = refusal;
}
