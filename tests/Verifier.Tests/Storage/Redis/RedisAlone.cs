namespace Verifier.Tests.Storage.Redis;

/// <summary>Tests of Redis count fractions of a second: they run one after the other, when the tests that make keys have ended.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RedisAlone
{
    public const string Name = "Redis alone";
}
