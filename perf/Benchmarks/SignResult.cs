using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using SevSnp.Judgement;
using SevSnp.Policies;
using Verifier.Service.Tokens;
using Verifier.TestKit;

namespace Verifier.Perf.Benchmarks;

/// <summary>The signed result of an accepted guest, against one P-384 verification by the platform.</summary>
[MemoryDiagnoser]
public class SignResult
{
    private static readonly ResultWish Wish = new("https://relying-party.example", default);
    private static readonly TokenSettings Wanted = new(IncludeChipId: false);

    private readonly PlatformBaseline _platform = new();
    private string _keyFile = "";
    private HostedService _service = null!;
    private ResultTokens _tokens = null!;
    private AttestationVerdict _verdict = null!;
    private ReportDataBinding _binding = null!;

    /// <summary>Starts the service with a key, and judges a guest.</summary>
    [GlobalSetup]
    public async Task Setup()
    {
        _keyFile = Path.GetTempFileName();
        using (ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            await File.WriteAllTextAsync(_keyFile, key.ExportPkcs8PrivateKeyPem());
        }

        _service = await HostedService.StartAsync(null, "--Tokens:Issuer=https://results.perf.example", $"--Tokens:KeyFiles:0={_keyFile}");
        _tokens = _service.Services.GetRequiredService<ResultTokens>();
        Scenario scenario = Scenario.Vcek();
        _verdict = scenario.Judge();
        _binding = ReportDataBinding.TryExact(scenario.Report.ReportData, out ReportDataBinding? binding, out string rule) ? binding : throw new InvalidOperationException(rule);
    }

    /// <summary>Ends it.</summary>
    [GlobalCleanup]
    public async Task Cleanup()
    {
        await _service.DisposeAsync();
        File.Delete(_keyFile);
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public bool PlatformP384Verification() => _platform.Verify();

    /// <summary>Claims, JSON and signature.</summary>
    [Benchmark]
    public string Make() => _tokens.Make(_verdict, _binding, Wish, Wanted);
}
