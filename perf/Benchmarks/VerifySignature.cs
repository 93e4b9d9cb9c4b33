using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using SevSnp.Crypto;

namespace Verifier.Perf.Benchmarks;

/// <summary>
/// The check of a report's signature at each stage of a key, against one P-384 verification by the platform with its key kept. The stages of
/// the default engine: a key's first use, its next ones, and those after its table was made.
/// </summary>
[MemoryDiagnoser]
public class VerifySignature
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly byte[] _report = new byte[0x2A0];
    private byte[] _digest = [];
    private byte[] _signature = [];
    private byte[] _point = [];
    private EcdsaP384Verifier? _untabled;
    private EcdsaP384Verifier? _tabled;
    private EcdsaP384Key? _whole;

    /// <summary>Makes a key, a signature, and the verifiers.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _digest = SHA384.HashData(_report);
        _signature = _key.SignHash(_digest);
        ECParameters parameters = _key.ExportParameters(false);
        _point = [0x04, .. parameters.Q.X!, .. parameters.Q.Y!];
        _untabled = new BouncyCastleEcdsaP384Verifier(_point, usesBeforeTable: int.MaxValue);
        _tabled = new BouncyCastleEcdsaP384Verifier(_point, usesBeforeTable: 0);
        _whole = EcdsaP384Key.TryCreate(_point, out EcdsaP384Key? whole) ? whole : throw new InvalidOperationException("no key");
        for (int i = 0; i <= BouncyCastleEcdsaP384Verifier.UsesBeforeTable; i++)
        {
            _whole.Verify(_report, _signature);
        }
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public bool Platform() => _key.VerifyHash(_digest, _signature);

    /// <summary>The alternative engine: what of it a new key costs.</summary>
    [Benchmark]
    public bool PlatformFirstUseOfAKey() => new PlatformEcdsaP384Verifier(_point).Verify(_digest, _signature);

    /// <summary>A key that nothing is known of, from its bytes on.</summary>
    [Benchmark]
    public bool FirstUseOfAKey() => new BouncyCastleEcdsaP384Verifier(_point).Verify(_digest, _signature);

    /// <summary>A key that was used a few times: BouncyCastle's own multiples of it.</summary>
    [Benchmark]
    public bool WithoutTable() => _untabled!.Verify(_digest, _signature);

    /// <summary>A key that is used often.</summary>
    [Benchmark]
    public bool WithTable() => _tabled!.Verify(_digest, _signature);

    /// <summary>The same with SHA-384 over the signed bytes of a report.</summary>
    [Benchmark]
    public bool WithTableAndDigest() => _whole!.Verify(_report, _signature);

    /// <summary>What a key costs once.</summary>
    [Benchmark]
    public bool MakeTable() => new BouncyCastleEcdsaP384Verifier(_point, usesBeforeTable: 0).HasTable;
}
