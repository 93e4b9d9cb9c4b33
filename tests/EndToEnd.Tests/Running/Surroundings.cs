namespace Verifier.EndToEnd.Tests.Running;

/// <summary>What is different around a service that is started as a process.</summary>
internal sealed record Surroundings
{
    public static Surroundings Usual { get; } = new();

    /// <summary>Words before the command: a program that changes a limit and then becomes the service.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>What its environment holds besides.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether somebody reads what it prints. If not, the pipe fills up.</summary>
    public bool IsOutputRead { get; init; } = true;
}
