namespace Verifier.Client.Log;

/// <summary>How the commands end when a log does not hold.</summary>
internal static class LogFailures
{
    /// <summary>A proof, head or entry that is not right.</summary>
    public static CommandFailure Invalid(string what) =>
        new(ExitCode.Refused, what, "the service, or what is between it and here, does not tell the truth: compare with another instance") { Reason = "LOG_INVALID" };

    /// <summary>The log is at an earlier state than was seen before.</summary>
    public static CommandFailure RolledBack(long seen, long now) => new(
        ExitCode.Refused,
        $"the registry was ROLLED BACK: its log has {now} entries, and {seen} were seen before",
        "a restored backup lacks the changes since, perhaps revocations; if it is meant, --forget-head begins anew") { Reason = "LOG_ROLLED_BACK" };

    /// <summary>The log is another one than was seen before.</summary>
    public static CommandFailure Forked(long seen) => new(
        ExitCode.Refused,
        $"the registry was FORKED: its log is another one than the {seen} entries that were seen before",
        "somebody shows different histories to different callers; if it is meant, --forget-head begins anew") { Reason = "LOG_FORKED" };
}
