namespace Verifier.Service.Policies;

/// <summary>Log messages about policies, ids 10000 to 10099.</summary>
internal static partial class PolicyLog
{
    [LoggerMessage(10000, LogLevel.Information, "Policy {Step}: {Name}, outcome {Outcome}, version {Version}, sha256 {Sha256}, by {Actor}")]
    public static partial void Changed(ILogger logger, string step, string name, string outcome, long version, string sha256, string actor);

    [LoggerMessage(10001, LogLevel.Warning, "The policy in force of tenant {Tenant} loosens by {Switches}, from version {Version} on")]
    public static partial void Loosened(ILogger logger, string tenant, string switches, long version);
}
