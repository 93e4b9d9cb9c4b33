using System.Diagnostics;
using Verifier.Service.Health;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Kds;

/// <summary>Asks the key service for one item, has the answer verified, and tells metrics, log and health how it went.</summary>
internal sealed class KdsClient(KdsTransport transport, KdsLines lines, DependencyHealth health, VerifierMetrics metrics, ILogger<KdsClient> logger)
{
    /// <param name="item">What to ask for.</param>
    /// <param name="verify">Makes a verified thing of a body.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <returns>The outcome; null when the key service throttles and nobody asks for a while.</returns>
    public async Task<KdsOutcome?> FetchAsync(KdsItem item, Func<ReadOnlyMemory<byte>, Task<KdsOutcome>> verify, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        KdsReply reply = await transport.GetAsync(item, cancellation);
        TimeSpan duration = Stopwatch.GetElapsedTime(start);

        KdsOutcome? outcome = reply.Kind == KdsReplyKind.Ok ? await verify(reply.Body) : await OutcomeOfAsync(item, reply);
        string label = reply.Kind == KdsReplyKind.Ok ? LabelOf(outcome!) : reply.Label;
        health.Report(DependencyHealth.Kds, outcome is KdsOutcome.Found or KdsOutcome.NoSuch);
        if (reply.Kind is KdsReplyKind.Ok or KdsReplyKind.NotFound)
        {
            lines.Answered();
        }

        metrics.KdsRequest(item.Label, label);
        logger.Fetched(item.Label, item.Product.ToString(), label, reply.Status, reply.Error, reply.Body.Length, (long)duration.TotalMilliseconds, item.Path);
        return outcome;
    }

    private static string LabelOf(KdsOutcome verified) => verified switch
    {
        KdsOutcome.Found => "ok",
        KdsOutcome.Unavailable { Reason: KdsReasons.Mismatch } => "mismatch",
        KdsOutcome.Unavailable { Reason: KdsReasons.BadAnswer } => "bad_answer",
        _ => "no_issuer",
    };

    private async Task<KdsOutcome?> OutcomeOfAsync(KdsItem item, KdsReply reply)
    {
        switch (reply.Kind)
        {
            // Only a VCEK may not exist; chains and lists of the products that we know always do.
            case KdsReplyKind.NotFound:
                return item.Kind == KdsItemKind.Vcek ? KdsOutcome.NoSuch.Instance : KdsReasons.IsBadAnswer();
            case KdsReplyKind.Throttled:
                TimeSpan length = await lines.PauseAsync(reply.RetryAfter);
                logger.Throttled(length.TotalSeconds);
                return null;
            case KdsReplyKind.Refused:
                logger.Refused(reply.Status);
                return KdsReasons.IsBadAnswer();
            case KdsReplyKind.Redirected or KdsReplyKind.TooLarge or KdsReplyKind.Encoded:
                return KdsReasons.IsBadAnswer();
            default:
                return KdsReasons.IsUnreachable(wasAsked: reply.Kind != KdsReplyKind.CircuitOpen);
        }
    }
}
