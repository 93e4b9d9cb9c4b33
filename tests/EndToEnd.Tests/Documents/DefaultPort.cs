namespace Verifier.EndToEnd.Tests.Documents;

/// <summary>Pages that let the service take its default port run one after the other.</summary>
[CollectionDefinition(Collection)]
public sealed class DefaultPort
{
    public const string Collection = "the default port";
}
