namespace Verifier.Tests.Telemetry;

/// <summary>
/// Tests that scrape run alone. The collector of a service hears every meter of the process by its name, and would count what services of
/// other tests do, and lose what they end with.
/// </summary>
[CollectionDefinition(nameof(Scraped), DisableParallelization = true)]
public sealed class Scraped;
