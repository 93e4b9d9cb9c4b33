using System.IO.Pipelines;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.Extensions.Primitives;
using Verifier.Service.Admission;
using Verifier.Service.Hosting;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Telemetry;
using Verifier.Service.Web;

namespace Verifier.Service.Rpc;

/// <summary>
/// Stands where the method of a call is known and nothing of its message was read (T94): what is refused here costs a look at a few
/// numbers, however long its message is or takes.
/// </summary>
internal sealed class AdmissionDoor(AdmissionGate gate, KnownCallers known, CallMetrics metrics)
{
    private const string Certificate = "certificate ";
    private const int MostDropped = 64 * 1024;
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(1);

    public Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        string? method = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName;
        return method is not null && MethodLanes.Of(method) is { Lane: { } lane, IsStream: var isStream } ? EnterAsync(context, next, lane, isStream) : next(context);
    }

    /// <summary>For whose share a call counts as long as nobody has looked at what it shows.</summary>
    private string CallerOf(HttpContext context)
    {
        StringValues shown = context.Request.Headers.Authorization;
        if (shown is not [{ Length: > 0 } authorization])
        {
            return context.Connection.ClientCertificate is { } certificate ? Certificate + certificate.Thumbprint : ConnectionPeers.AddressOf(context);
        }

        UInt128 key = known.KeyOf(authorization);
        if (known.NameOf(key) is { } name)
        {
            return name;
        }

        context.Features.Set(new Newcomer(known, key));
        return ConnectionPeers.AddressOf(context);
    }

    private async Task EnterAsync(HttpContext context, RequestDelegate next, Lane lane, bool isStream)
    {
        TimeSpan? left = WebDeadline.Read(context.Request, Timeout.InfiniteTimeSpan);
        if (gate.TryEnter(lane, isStream, CallerOf(context), left == Timeout.InfiniteTimeSpan ? null : left, out AdmissionGate.Entry entry) is { } refusal)
        {
            if (AdmissionErrors.LoadReasonOf(refusal.Reason) is { } reason)
            {
                metrics.Shed(reason, lane.Name());
            }

            await RefuseAsync(context, AdmissionErrors.Of(refusal));
            return;
        }

        context.Features.Set(entry.Announcement);
        try
        {
            await next(context);
        }
        finally
        {
            gate.Leave(entry);
        }
    }

    private static Task RefuseAsync(HttpContext context, RpcException error)
    {
        if (WebListener.IsWeb(context) && WebListener.IsJson(context))
        {
            return JsonOutcome.RefuseBusyAsync(context, error);
        }

        context.Features.Set(new CallOutcome(error.StatusCode));
        Task answer = TransportErrors.RefuseAsync(context, error);
        return WebListener.IsWeb(context) ? answer : CompleteAsync(context);
    }

    /// <summary>
    /// Answers at once, and lets a message that is on its way arrive: a stream that is ended before its message counts against the whole
    /// connection for seconds, and the server would soon refuse all calls on it, without a word on when to come back.
    /// </summary>
    private static async Task CompleteAsync(HttpContext context)
    {
        await context.Response.CompleteAsync();
        PipeReader body = context.Request.BodyReader;
        using CancellationTokenSource enough = new(LongestDrain);
        using CancellationTokenRegistration wake = enough.Token.Register(body.CancelPendingRead);
        try
        {
            for (long dropped = 0; dropped < MostDropped;)
            {
                ReadResult read = await body.ReadAsync(context.RequestAborted);
                dropped += read.Buffer.Length;
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The caller has its answer and is gone.
        }
    }

    /// <summary>A token that was not seen lately. Whoever finds that it holds says whose it is.</summary>
    internal sealed class Newcomer(KnownCallers known, UInt128 key)
    {
        public void Is(string name) => known.Remember(key, name);
    }
}
