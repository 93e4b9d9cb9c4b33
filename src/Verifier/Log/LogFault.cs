namespace Verifier.Service.Log;

/// <summary>Why a tenant's registry must not be judged by. Stays until the store is as its log says again.</summary>
/// <param name="Reason">A stable name, also the reason of the error that callers see.</param>
/// <param name="Detail">What was seen and where, for the operator's log; never shown to callers.</param>
internal sealed record LogFault(string Reason, string Detail)
{
    /// <summary>The store is at an earlier or another history than this service has seen.</summary>
    public const string RolledBack = "LOG_ROLLED_BACK";

    /// <summary>The log does not hold together: its head, its entries or their order.</summary>
    public const string Broken = "LOG_BROKEN";

    /// <summary>Something stored is not what the log says last of it.</summary>
    public const string Contradicted = "RECORD_CONTRADICTS_LOG";
}

/// <summary>The registry of a tenant must not be judged by; nothing was decided.</summary>
internal sealed class LogRefusedException(string tenant, LogFault fault) : Exception($"Tenant '{tenant}': {fault.Reason}: {fault.Detail}")
{
    public string Reason => fault.Reason;

    public string Tenant => tenant;
}

/// <summary>The log has not been read to its end yet since the service started; the call may be repeated.</summary>
internal sealed class LogNotLoadedException(string tenant) : Exception($"The log of tenant '{tenant}' is still being read.");
