using Grpc.Core;
using Verifier.Contracts.V1;

namespace Verifier.Sdk;

/// <summary>A guest is not to be trusted, or not now. Whatever the kind: hand out nothing.</summary>
public abstract class VerifierException : Exception
{
    private protected VerifierException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>The guest was judged and refused, or the answer is not one to the question that was asked.</summary>
public sealed class GuestRefusedException : VerifierException
{
    internal GuestRefusedException(string message, AttestationVerdict? verdict)
        : base(message) => Verdict = verdict;

    /// <summary>The verdict; null when there was none.</summary>
    public AttestationVerdict? Verdict { get; }

    /// <summary>The checks that did not hold, in order. Empty when the answer itself is what is wrong.</summary>
    public IReadOnlyList<Check> FailedChecks => [.. Verdict?.Checks.Where(c => c.Status is not (Check.Types.Status.Passed or Check.Types.Status.NotRequired)) ?? []];
}

/// <summary>It could not be judged now: the service, its store or AMD's key service is away. Nothing was decided.</summary>
public sealed class VerifierUnavailableException : VerifierException
{
    internal VerifierUnavailableException(string message, string? reason, TimeSpan? retryAfter, RpcException inner)
        : base(message, inner) => (Reason, RetryAfter) = (reason, retryAfter);

    /// <summary>
    /// The service's reason, for example <c>STORE_UNAVAILABLE</c>; null when it gave none. <c>ACCEPTED_TOO_LATE</c> is this library's: see
    /// <see cref="VerifierClientOptions.AcceptWithin"/>.
    /// </summary>
    public string? Reason { get; }

    /// <summary>How long the service asks to wait before the next try; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>The service does not take the question: the request, the evidence's form or the credentials are wrong. A repeat changes nothing.</summary>
public sealed class VerifierRequestException : VerifierException
{
    internal VerifierRequestException(string message, StatusCode status, string? reason, RpcException inner)
        : base(message, inner) => (Status, Reason) = (status, reason);

    /// <summary>The status.</summary>
    public StatusCode Status { get; }

    /// <summary>The service's reason, for example <c>MALFORMED_EVIDENCE</c>; null when it gave none.</summary>
    public string? Reason { get; }
}
