namespace Verifier.Service.Registry;

/// <summary>Log messages of the registry, ids 6000 to 6099.</summary>
internal static partial class RegistryLog
{
    [LoggerMessage(6000, LogLevel.Information, "Registry: {Step} {Name}: {Outcome}, by {Actor}")]
    public static partial void Change(ILogger logger, string step, string name, string outcome, string actor);
}
