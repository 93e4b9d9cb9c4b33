namespace Verifier.EndToEnd.Tests.Running;

/// <summary>Tests that measure what others would spoil: time to a fraction of a second, or counts of the whole process. They run when all others are done.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public sealed class RunsAlone
{
    public const string Collection = "alone";
}
