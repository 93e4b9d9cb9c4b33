using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Verifier.Service.Log;
using Verifier.Service.Storage;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Telemetry;

namespace Verifier.Tests.Storage;

/// <summary>The witness that a store of its own in a test has, as in the service: a follower of that store's log.</summary>
internal static class StoreWitness
{
    /// <summary>For a store that the test itself changes nothing in.</summary>
    public static ILogWitness OfNobody() => throw new InvalidOperationException("This store is not changed.");

    public static Func<ILogWitness> Of(Func<IStore> store, Func<LogKeyRing> keys)
    {
        Lazy<LogKeyRing> ring = new(keys);
        Lazy<LogWitness> made = new(() =>
        {
            VerifierMetrics metrics = new ServiceCollection().AddMetrics().AddSingleton<VerifierMetrics>().BuildServiceProvider().GetRequiredService<VerifierMetrics>();
            HighestHeads heads = new(Directory.CreateTempSubdirectory("verifier-witness-").FullName);
            FollowerParts parts = new(store().Log, () => ring.Value.Verifier, heads, [], metrics, TimeProvider.System, NullLogger.Instance);
            return new LogWitness(new LogFollower(parts), metrics, NullLogger<LogWitness>.Instance);
        });
        return () => made.Value;
    }
}
