using SevSnp.Checks;

namespace Verifier.Client;

/// <summary>Why a command ends without a result. Thrown by the edges (files, network, options), shown in one place.</summary>
internal sealed class CommandFailure(ExitCode exitCode, string message, string? hint = null) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;

    /// <summary>What the user can do about it.</summary>
    public string? Hint { get; } = hint;

    /// <summary>Which rule evidence broke, and where.</summary>
    public EvidenceFault? Fault { get; init; }

    /// <summary>The service's machine-readable reason, such as <c>KDS_OFFLINE</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>How long the service asks to wait before the next try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Faults of single request fields, as the service named them.</summary>
    public IReadOnlyList<(string Field, string Description)> Violations { get; init; } = [];

    public static CommandFailure Usage(string message, string? hint = null) => new(ExitCode.Usage, message, hint);

    public static CommandFailure Malformed(string file, EvidenceFault fault, string? hint = null) =>
        new(ExitCode.Malformed, $"{file}: {fault}", hint) { Fault = fault };
}
