using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Verifier.Contracts.V1;
using Verifier.Service.Admission;
using Verifier.Service.Hosting;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Verifier.Service.Rpc;

/// <summary>
/// Many questions in one call. A few are judged at a time, and no more are read until one of their answers is sent: a caller that does not
/// read its answers holds no more than these few in memory, and an item waits for its place, with all behind it, instead of being refused. What one item ends with never ends the stream.
/// </summary>
[BindServiceMethod(typeof(VerifyStreamRpc), nameof(Bind))]
internal sealed class VerifyStreamRpc(
    VerifyAnswers answers, ErrorInterceptor errors, WorkPlaces places, IOptions<ServerOptions> options, DrainSignal drain, TimeProvider clock)
    : VerifierService.VerifierServiceBase
{
    public const int MostAtOnce = 16;

    private const int MostIdLength = 128;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    // Who calls was asked when the stream began: a token that has expired since, or was withdrawn, must not serve for ever.
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);
    private static readonly TimeSpan StopRetry = TimeSpan.FromSeconds(1);

    public static ServiceDescriptor Descriptor => VerifierService.Descriptor;

    public static void Bind(ServiceBinderBase binder, VerifierService.VerifierServiceBase service) =>
        VerifierService.BindService(new StrictBinder(binder, method => method == nameof(VerifyStream)), service);

    public override async Task VerifyStream(
        IAsyncStreamReader<VerifyStreamRequest> requestStream, IServerStreamWriter<VerifyStreamResponse> responseStream, ServerCallContext context)
    {
        using SemaphoreSlim writing = new(1, 1);
        ReadEnd end = new();
        using CancellationTokenSource over = new(LongestLife, clock);
        ParallelOptions few = new() { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = context.CancellationToken };
        try
        {
            await Parallel.ForEachAsync(ReadAsync(requestStream, end, over.Token, context.CancellationToken), few, async (item, cancellation) =>
            {
                VerifyStreamResponse answer = await AnswerAsync(item, context, cancellation);
                await writing.WaitAsync(cancellation);
                try
                {
                    await responseStream.WriteAsync(answer, cancellation);
                }
                finally
                {
                    writing.Release();
                }
            });
        }
        catch (Exception e) when (e is IOException || (e is InvalidOperationException && context.CancellationToken.IsCancellationRequested))
        {
            // A caller that goes away shows as an answer that cannot be written.
            throw RpcErrors.Plain(StatusCode.Cancelled, ErrorReasons.Cancelled, "the caller cancelled");
        }

        if (end.Fault is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>The items until the stream ends, for whatever reason: what has been read is answered first.</summary>
    private async IAsyncEnumerable<ReadItem> ReadAsync(
        IAsyncStreamReader<VerifyStreamRequest> stream, ReadEnd end, CancellationToken over, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await NextAsync(stream, end, over, cancellation) is { } item)
        {
            yield return item;
        }
    }

    private async Task<ReadItem?> NextAsync(IAsyncStreamReader<VerifyStreamRequest> stream, ReadEnd end, CancellationToken over, CancellationToken cancellation)
    {
        using CancellationTokenSource silence = new(LongestSilence, clock);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, drain.Ending, silence.Token, over);
        try
        {
            return await ChunkedFile.NextAsync(stream, stop.Token) ? new ReadItem(stream.Current, null) : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            end.Fault = drain.Ending.IsCancellationRequested
                ? RpcErrors.Unavailable(ErrorReasons.ShuttingDown, "the service stops; items without an answer were not judged", StopRetry)
                : over.IsCancellationRequested ? RpcErrors.Unavailable(ErrorReasons.StreamEnded, "a stream lasts an hour; items without an answer were not judged", StopRetry)
                : RpcErrors.Plain(StatusCode.DeadlineExceeded, ErrorReasons.StreamIdle, "no item came for 5 minutes");
        }
        catch (RpcException e) when (stream.Current is { } refused)
        {
            // It was read, and its sender has no right to ask that.
            return new ReadItem(refused, e);
        }
        catch (RpcException e)
        {
            // Not a message, or too large to be read at all: what comes behind it cannot be trusted to be one.
            end.Fault = e.StatusCode == StatusCode.ResourceExhausted ? TooLarge() : e;
        }

        return null;
    }

    private async Task<VerifyStreamResponse> AnswerAsync(ReadItem read, ServerCallContext context, CancellationToken cancellation)
    {
        VerifyStreamRequest item = read.Item;
        VerifyStreamResponse answer = new() { Id = item.Id.Length > MostIdLength ? "" : item.Id };
        using CancellationTokenSource late = new(options.Value.DefaultDeadline, clock);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            if (read.Refusal is { } refusal)
            {
                throw refusal;
            }

            VerifyRequest question = Question(item);
            using Place place = await places.WaitAsync(context.Claimant(Lane.Verify, TenantOf(question)), end.Token);
            answer.Response = await answers.OfAsync(question, new Asking(context.CallerName(), options.Value.DefaultDeadline, place, null), end.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            answer.Error = RpcErrors.Plain(StatusCode.DeadlineExceeded, ErrorReasons.ItemTimeout, "the item was not judged in time; nothing was decided").GetRpcStatus();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            answer.Error = errors.ToStatus(e, context).GetRpcStatus();
        }

        return answer;
    }

    private VerifyRequest Question(VerifyStreamRequest item)
    {
        FieldViolations violations = new();
        if (item.Id.Length > MostIdLength)
        {
            violations.Root.Field("id").Fail(ViolationReasons.WrongLength, $"must be at most {MostIdLength} characters long, is {item.Id.Length}");
        }

        if (item.Request is null)
        {
            violations.Root.Field("request").Required();
        }

        violations.ThrowIfAny();
        return item.Request!.CalculateSize() > options.Value.MaxRequestBytes ? throw TooLarge()
            : StrictBinder.HasUnknownFields(item) ? throw StrictBinder.UnknownFields()
            : item.Request;
    }

    private static string TenantOf(VerifyRequest question) => question.Tenant.Length > 0 ? question.Tenant : ReferenceNames.DefaultTenant;

    private static RpcException TooLarge() =>
        RpcErrors.Plain(StatusCode.ResourceExhausted, ErrorReasons.RequestTooLarge, "the request is larger than the service takes");

    /// <summary>An item, and why it was refused before it came here.</summary>
    private sealed record ReadItem(VerifyStreamRequest Item, RpcException? Refusal);

    /// <summary>Why no more is read; nothing when the caller has sent all it has.</summary>
    private sealed class ReadEnd
    {
        public RpcException? Fault { get; set; }
    }
}
