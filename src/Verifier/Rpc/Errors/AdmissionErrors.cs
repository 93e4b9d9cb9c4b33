using Grpc.Core;
using Verifier.Service.Admission;

namespace Verifier.Service.Rpc.Errors;

/// <summary>What a call ends with that is not taken on. Never a verdict: nothing was looked at.</summary>
internal static class AdmissionErrors
{
    /// <summary>Tells gRPC's own retrying, which reads no details, when to come back.</summary>
    public const string PushbackHeader = "grpc-retry-pushback-ms";

    private const int Step = 10;

    // Refusing must cost next to nothing when it is done most: each answer is made once, for hints that are 10 ms apart.
    private static readonly RpcException?[] Made = new RpcException?[ReasonCount * (StepsFor(1000) + 1)];

    private static int ReasonCount => Enum.GetValues<RefusalReason>().Length;

    /// <summary>The error of a refusal, to be thrown.</summary>
    public static RpcException New(Refusal refusal) => Make(refusal.Reason, TimeSpan.FromMilliseconds(StepsOf(refusal) * Step));

    /// <summary>The error of a refusal, to be written; shared, not to be changed or thrown.</summary>
    public static RpcException Of(Refusal refusal)
    {
        int steps = StepsOf(refusal);
        ref RpcException? made = ref Made[((int)refusal.Reason * (StepsFor(1000) + 1)) + steps];
        return made ??= Make(refusal.Reason, TimeSpan.FromMilliseconds(steps * Step));
    }

    /// <summary>The reason that callers see; null for what is no matter of load.</summary>
    public static string? LoadReasonOf(RefusalReason reason) => reason switch
    {
        RefusalReason.CallerShare => ErrorReasons.CallerShareTaken,
        RefusalReason.TenantShare => ErrorReasons.TenantShareTaken,
        RefusalReason.DeadlineTooShort => null,
        _ => ErrorReasons.Overloaded,
    };

    private static RpcException Make(RefusalReason reason, TimeSpan retryAfter)
    {
        if (reason == RefusalReason.DeadlineTooShort)
        {
            return RpcErrors.Plain(StatusCode.DeadlineExceeded, ErrorReasons.DeadlineTooShort, "the call leaves less time than such calls take now; nothing was begun");
        }

        RpcException error = reason switch
        {
            RefusalReason.CallerShare => RpcErrors.Busy(ErrorReasons.CallerShareTaken, "the service is busy, and this caller has its share of it; nothing was begun", retryAfter),
            RefusalReason.TenantShare => RpcErrors.Busy(ErrorReasons.TenantShareTaken, "the service is busy, and this tenant has its share of it; nothing was begun", retryAfter),
            _ => RpcErrors.Busy(ErrorReasons.Overloaded, "the service has as much to do as it can do in time; nothing was begun", retryAfter),
        };
        error.Trailers.Add(PushbackHeader, ((long)retryAfter.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return error;
    }

    private static int StepsOf(Refusal refusal) =>
        refusal.Reason == RefusalReason.DeadlineTooShort ? 0 : Math.Clamp(StepsFor(refusal.RetryAfter.TotalMilliseconds), StepsFor(100), StepsFor(1000));

    private static int StepsFor(double milliseconds) => (int)Math.Ceiling(milliseconds / Step);
}
