namespace Verifier.Client;

/// <summary>What the process tells its caller. Part of the command line's contract: never renumbered.</summary>
internal enum ExitCode
{
    /// <summary>Accepted, or the command did what it was asked.</summary>
    Success = 0,

    /// <summary>The command line, or the request made from it, is wrong or incomplete.</summary>
    Usage = 1,

    /// <summary>Evidence that does not parse.</summary>
    Malformed = 2,

    /// <summary>The evidence is not shown to come from genuine AMD hardware.</summary>
    NotAuthentic = 3,

    /// <summary>Refused by policy or by the registry.</summary>
    Refused = 4,

    /// <summary>It could not be judged or done now.</summary>
    Outage = 5,
}
