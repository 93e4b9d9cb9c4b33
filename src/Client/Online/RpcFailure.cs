using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using SevSnp.Checks;

namespace Verifier.Client.Online;

/// <summary>Turns a failed call into a failure of the command: exit code by status, and what google.rpc details say.</summary>
internal static class RpcFailure
{
    private const string MalformedEvidence = "MALFORMED_EVIDENCE";
    private const long MostDelaySeconds = 24 * 60 * 60;

    /// <summary>Makes a call and translates its failure.</summary>
    public static async Task<T> Guard<T>(Uri server, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RpcException e) when (e.StatusCode != StatusCode.Cancelled)
        {
            throw From(server, e);
        }
        catch (RpcException e)
        {
            throw new OperationCanceledException(e.Message, e);
        }
    }

    public static CommandFailure From(Uri server, RpcException exception)
    {
        Google.Rpc.Status? status = exception.Trailers.GetRpcStatus(ignoreParseError: true);
        ErrorInfo? info = Detail<ErrorInfo>(status);
        (string, string)[] violations =
        [
            .. Detail<BadRequest>(status)?.FieldViolations.Select(v => (v.Field, v.Description)) ?? [],
            .. Detail<PreconditionFailure>(status)?.Violations.Select(v => (v.Subject, v.Description)) ?? [],
        ];
        bool isEvidence = info?.Reason is MalformedEvidence or "MALFORMED_FILE" or "FILE_NOT_MEASURABLE" || violations.Any(v => v.Item1.StartsWith("evidence", StringComparison.Ordinal));
        return new CommandFailure(Code(exception.StatusCode, info?.Reason, isEvidence), Message(server, exception, info), Hint(exception, info?.Reason))
        {
            Reason = info?.Reason,
            Fault = info?.Reason == MalformedEvidence ? Fault(info) : null,
            RetryAfter = Delay(Detail<RetryInfo>(status)?.RetryDelay),
            Violations = violations,
        };
    }

    // Details are a help to the reader; a broken one must not hide the failure itself.
    internal static T? Detail<T>(Google.Rpc.Status? status)
        where T : class, Google.Protobuf.IMessage<T>, new()
    {
        try
        {
            return status?.GetDetail<T>();
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>A delay that the service asks for; null for one that makes no sense.</summary>
    internal static TimeSpan? Delay(Google.Protobuf.WellKnownTypes.Duration? delay) =>
        delay is { Seconds: >= 0 and <= MostDelaySeconds, Nanos: >= 0 and < 1_000_000_000 } ? delay.ToTimeSpan() : null;

    // The service tells which rule the evidence broke in the same terms as the library.
    private static EvidenceFault Fault(ErrorInfo info)
    {
        string Value(string key) => info.Metadata.TryGetValue(key, out string? value) ? value : "";
        CheckId check = CheckIds.All().FirstOrDefault(id => id.WireName() == Value("check"));
        int offset = int.TryParse(Value("offset"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : -1;
        return new EvidenceFault(check, Value("field"), offset, Value("rule"));
    }

    private static ExitCode Code(StatusCode status, string? reason, bool isEvidence) => (status, reason) switch
    {
        (StatusCode.InvalidArgument or StatusCode.OutOfRange, _) => isEvidence ? ExitCode.Malformed : ExitCode.Usage,
        (StatusCode.ResourceExhausted, "REQUEST_TOO_LARGE" or "FILE_TOO_LARGE") => ExitCode.Usage,
        (StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.Unimplemented, _) => ExitCode.Usage,
        (StatusCode.NotFound, "TENANT_NOT_FOUND") => ExitCode.Usage,
        (StatusCode.FailedPrecondition, "KDS_OFFLINE" or "STORE_UNFIT") => ExitCode.Outage,
        (StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.FailedPrecondition or StatusCode.Aborted, _) => ExitCode.Refused,
        _ => ExitCode.Outage,
    };

    private static string Message(Uri server, RpcException exception, ErrorInfo? info)
    {
        string address = server.GetLeftPart(UriPartial.Authority);
        return (exception.StatusCode, info) switch
        {
            (_, { } known) => $"{exception.Status.Detail} ({known.Reason})",
            (StatusCode.DeadlineExceeded, _) => $"{address}: no answer in time",
            _ when IsTlsFailure(exception) => $"{address}: no trustworthy TLS connection: {exception.Status.DebugException!.GetBaseException().Message}",
            (StatusCode.Unavailable, _) => $"{address}: cannot be reached: {exception.Status.Detail}",
            _ => exception.Status.Detail,
        };
    }

    private static bool IsTlsFailure(RpcException exception) =>
        exception.Status.DebugException is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };

    private static string? Hint(RpcException exception, string? reason) => (exception.StatusCode, reason) switch
    {
        _ when IsTlsFailure(exception) => "--ca FILE names the authorities that the service's certificate must come from; a service without TLS is asked by http://",
        (_, "KDS_OFFLINE") => "this service fetches nothing from AMD: give the certificates with --vcek or --vlek and --chain, or with --certs",
        (StatusCode.Unavailable, { } kds) when kds.StartsWith("KDS_", StringComparison.Ordinal) =>
            "or give the certificates: --vcek or --vlek and --chain, or --certs",
        (_, "TOO_MANY_CHALLENGES") => "challenges that nobody uses expire by themselves",
        (_, "LOG_SHORTER") => "the registry was rolled back or forked since its head was seen; if it is meant, --forget-head begins anew",
        (_, "LOG_ROLLED_BACK" or "LOG_BROKEN" or "RECORD_CONTRADICTS_LOG") => "somebody changed the registry's store by hand: its operator must look at the service's log",
        (_, "STORE_UNFIT") => "the registry's operator must repair its store: the service's log tells what is wrong",
        (_, "NOT_DURABLE") => "the change may stand already: look, or repeat the same command",
        (_, "REFERENCE_VALUE_EXISTS") => "verifierctl show tells what is there; a new release needs an id of its own",
        (_, "REFERENCE_VALUE_NOT_FOUND") => "verifierctl list tells which there are",
        (_, "MEASUREMENT_REVOKED") => "verifierctl lookup tells why it was revoked",
        (_, "WRONG_STATE" or "ETAG_MISMATCH") => "verifierctl show tells its state and etag as they are now",
        (_, "ISSUER_UNAVAILABLE") => "the service must reach the issuer of the token for its keys",
        (StatusCode.Unauthenticated, _) => "say who you are: --token-file FILE, --token-env NAME, or --client-cert with --client-key (docs/identity.md)",
        (StatusCode.PermissionDenied, _) => "an administrator gives rights to identities: verifierctl identity rules apply --help",
        (StatusCode.Unimplemented, _) => "is there a verifier service at this address, and is it as new as this client?",
        (StatusCode.Unavailable, null) => "is the service running there? --server names another address, verify --offline needs none",
        (_, "ACCEPTED_TOO_LATE") => "ask again: the guest may have been revoked meanwhile; a challenge is used up, the guest must make a report with a new one",
        (StatusCode.DeadlineExceeded, _) => "--timeout gives it more time",
        _ => null,
    };
}
