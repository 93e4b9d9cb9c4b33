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

    private readonly Histogram<double> _duration;

    public RpcMetrics(IMeterFactory factory) =>
        _duration = factory.Create(MeterName).CreateHistogram("rpc.server.call.duration", "s", "Duration of inbound calls.", advice: Seconds);

    public async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Record(context, Stopwatch.GetElapsedTime(start));
        }
    }

    private void Record(HttpContext context, TimeSpan duration)
    {
        string method = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName[1..] ?? "_OTHER";
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
