namespace Verifier.Service.Pipeline;

/// <summary>Log messages of the pipeline, ids 4000 to 4099.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(4000, LogLevel.Information, "Verdict {Outcome}, reason {Reason}, evidence {EvidenceId}, tenant {Tenant}, policy {Policy}, product {Product}, reference {Reference}, unsafe root {UnsafeRoot}, {Milliseconds} ms")]
    public static partial void Verdict(
        ILogger logger, string outcome, string reason, string evidenceId, string tenant, string policy, string product, string reference, bool unsafeRoot, double milliseconds);

    [LoggerMessage(4001, LogLevel.Warning, "A refusal is not explained in full: the store cannot tell of near variants")]
    public static partial void NearVariantsNotKnown(ILogger logger, Exception exception);
}
