using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace Verifier.Service.Telemetry;

/// <summary>
/// The conventional <c>rpc.server.call.duration</c>. Measured around the whole call and not by an interceptor, which never sees a
/// message that is too large or does not parse. Labels come from the methods that exist and the statuses of gRPC (T112).
/// </summary>
internal sealed class RpcMetrics
{
    public const string MeterName = "Verifier.Rpc";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    };

    // They wait most of the time, and would say nothing of how busy an instance is.
    private static readonly HashSet<string> Waiting = new(StringComparer.Ordinal)
    {
        "verifier.v1.RegistryService/WatchReferenceValues", "grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch", "grpc.health.v1.Health/List",
    };

    private readonly Histogram<double> _duration;
    private long _inFlight;

    public RpcMetrics(IMeterFactory factory)
    {
        _duration = factory.Create(MeterName).CreateHistogram("rpc.server.call.duration", "s", "Duration of inbound calls.", advice: Seconds);
        factory.Create(VerifierMetrics.MeterName).CreateObservableUpDownCounter(
            "verifier.calls.in_flight", () => Interlocked.Read(ref _inFlight), "{call}", "Calls being answered, without watches and health.");
    }

    public async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        long start = Stopwatch.GetTimestamp();
        string method = Method(context);
        bool isWork = !Waiting.Contains(method);
        if (isWork)
        {
            Interlocked.Increment(ref _inFlight);
        }

        try
        {
            await next(context);
        }
        finally
        {
            if (isWork)
            {
                Interlocked.Decrement(ref _inFlight);
            }

            Record(context, method, Stopwatch.GetElapsedTime(start));
        }
    }

    private static string Method(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName[1..] ?? "_OTHER";

    private void Record(HttpContext context, string method, TimeSpan duration)
    {
        StatusCode status = context.Features.Get<CallOutcome>()?.Status
            ?? context.Features.Get<IServerCallContextFeature>()?.ServerCallContext.Status.StatusCode ?? StatusCode.Unimplemented;
        TagList tags = new() { { "rpc.system.name", "grpc" }, { "rpc.method", method }, { "rpc.status_code", Name(status) } };
        if (status != StatusCode.OK)
        {
            tags.Add("error.type", Name(status));
        }

        _duration.Record(duration.TotalSeconds, tags);
    }

    private static string Name(StatusCode status) => status switch
    {
        StatusCode.OK => "OK",
        StatusCode.Cancelled => "CANCELLED",
        StatusCode.InvalidArgument => "INVALID_ARGUMENT",
        StatusCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        StatusCode.NotFound => "NOT_FOUND",
        StatusCode.AlreadyExists => "ALREADY_EXISTS",
        StatusCode.PermissionDenied => "PERMISSION_DENIED",
        StatusCode.Unauthenticated => "UNAUTHENTICATED",
        StatusCode.ResourceExhausted => "RESOURCE_EXHAUSTED",
        StatusCode.FailedPrecondition => "FAILED_PRECONDITION",
        StatusCode.Aborted => "ABORTED",
        StatusCode.OutOfRange => "OUT_OF_RANGE",
        StatusCode.Unimplemented => "UNIMPLEMENTED",
        StatusCode.Internal => "INTERNAL",
        StatusCode.Unavailable => "UNAVAILABLE",
        StatusCode.DataLoss => "DATA_LOSS",
        _ => "UNKNOWN",
    };
}
