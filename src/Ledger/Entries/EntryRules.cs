namespace Verifier.Ledger;

/// <summary>What the members of an entry may be. One list for writer and reader.</summary>
internal static class EntryRules
{
    public const int Version = 2;
    public const int MaxTextLength = 4096;
    public const int MaxClaims = 64;
    public const int MaxMeasurements = 65536;

    /// <summary>The rule that an entry breaks, or null.</summary>
    public static string? Broken(LogEntry entry) => entry switch
    {
        _ when !LogNames.IsId(entry.Tenant) => "tenant has 1 to 63 of [a-z0-9-]",
        _ when !LogNames.IsAction(entry.Action) => "action has 1 to 63 of [a-z0-9_-]",
        _ when !LogNames.IsResource(entry.Resource) => "resource is COLLECTION/ID",
        _ when !IsActor(entry.Actor) => "actor has a name, and texts of at most 4096 characters of well-formed Unicode, at most 64 claims",
        _ when entry.Reason is { } reason && (reason.Length == 0 || !IsText(reason)) => "reason is absent, or has 1 to 4096 characters of well-formed Unicode",
        _ when !AreMeasurements(entry.Revoked) || !AreMeasurements(entry.Lifted) => "revoked and lifted have at most 65536 SHA-384 digests of 96 lower-case hexadecimal digits",
        _ => null,
    };

    private static bool IsActor(EntryActor actor) => actor.Name.Length > 0 && IsText(actor.Name) && IsText(actor.Issuer) && IsText(actor.Subject)
        && actor.Claims.Count <= MaxClaims && actor.Claims.All(c => IsText(c.Key) && IsText(c.Value));

    // A lone surrogate cannot be written as UTF-8; it would come back as another character.
    private static bool IsText(string text)
    {
        if (text.Length > MaxTextLength)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreMeasurements(IReadOnlyList<string> texts) => texts.Count <= MaxMeasurements && texts.All(t => LogNames.IsMeasurement(t));
}
