using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using SevSnp.Primitives;
using Verifier.Service.Registry;

namespace Verifier.Perf.Benchmarks;

/// <summary>A measurement looked up in the embedded store, against one P-384 verification by the platform.</summary>
[MemoryDiagnoser]
public class FindInSqlite
{
    private readonly PlatformBaseline _platform = new();

    private HostedService _service = null!;
    private IReferenceValueStore _store = null!;
    private Digest384 _digest;

    /// <summary>Starts the service, and registers one measurement.</summary>
    [GlobalSetup]
    public async Task Setup()
    {
        _service = await HostedService.StartAsync();
        _store = _service.Services.GetRequiredService<IReferenceValueStore>();
        _digest = await _service.RegisterAsync();
    }

    /// <summary>Ends it.</summary>
    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _service.DisposeAsync();
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public bool PlatformP384Verification() => _platform.Verify();

    /// <summary>One look-up after the other: what a caller waits, not what a processor does.</summary>
    [Benchmark]
    public async Task<int> Find() => (await _store.FindAsync("default", _digest, CancellationToken.None)).Values.Count;
}
