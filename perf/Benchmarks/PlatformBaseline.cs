using System.Security.Cryptography;

namespace Verifier.Perf.Benchmarks;

/// <summary>One P-384 verification by the platform, its key kept: what everything else is compared with.</summary>
internal sealed class PlatformBaseline
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly byte[] _message = new byte[0x2A0];
    private readonly byte[] _signature;

    public PlatformBaseline() => _signature = _key.SignData(_message, HashAlgorithmName.SHA384);

    public bool Verify() => _key.VerifyData(_message, _signature, HashAlgorithmName.SHA384);
}
