namespace Verifier.Perf.Trials;

/// <summary>How a service is set up for a trial.</summary>
internal sealed record DeploymentSetup
{
    /// <summary>The program: an assembly, or an executable as the image has it.</summary>
    public required string Service { get; init; }

    /// <summary>File with the simulated root that it trusts.</summary>
    public required string Root { get; init; }

    /// <summary><c>appendfsync</c> of Redis, and what the service is told of it.</summary>
    public string Durability { get; init; } = "always";

    public bool WithTls { get; init; }

    /// <summary>Whether it signs results.</summary>
    public bool WithResults { get; init; }

    /// <summary>More settings.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
