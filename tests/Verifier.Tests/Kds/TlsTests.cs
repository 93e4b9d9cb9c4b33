using System.Security.Cryptography.X509Certificates;
using SevSnp.Certificates;
using Verifier.Service.Kds;
using Verifier.TestKit;
using Verifier.TestKit.Kds;

namespace Verifier.Tests.Kds;

/// <summary>TLS is the second wall: AMD's signatures are the first. There is no way around it when it fails.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;

    private readonly KdsTls _tls = new();
    private readonly string _caFile = Path.GetTempFileName();

    public TlsTests() => File.WriteAllText(_caFile, _tls.AuthorityPem);

    public static TheoryData<string> Faults => ["expired", "wrong host", "self-signed"];

    [Fact]
    public async Task CertificateOfTheConfiguredAuthority_IsAccepted()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await StartAsync(_tls.Good(), vcek, _caFile);

        Assert.NotNull((await bench.CompleteAsync(vcek)).Certificates.Find(CertificateRole.Vcek));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task T30_F31_BrokenTls_IsRefusedWithoutFallback(string fault)
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await StartAsync(
            fault switch
            {
                "expired" => _tls.Expired(),
                "wrong host" => _tls.WrongHost(),
                _ => KdsTls.SelfSigned(),
            },
            vcek,
            _caFile);

        KdsUnavailableException outcome = await bench.FailAsync(vcek);

        Assert.Equal("KDS_UNREACHABLE", outcome.Reason);
        Assert.Equal(0, bench.Kds.TotalRequests);
        Assert.Contains(bench.Log.All, line => line.Id == 3000 && line.Text.Contains("SecureConnectionError", StringComparison.Ordinal));
    }

    [Fact]
    public async Task T30_AuthorityUnknownToTheSystem_IsRefused()
    {
        SimulatedKey vcek = Amd.Vcek();
        await using KdsBench bench = await StartAsync(_tls.Good(), vcek, caFile: null);

        Assert.Equal("KDS_UNREACHABLE", (await bench.FailAsync(vcek)).Reason);
        Assert.Equal(0, bench.Kds.TotalRequests);
    }

    public void Dispose()
    {
        _tls.Dispose();
        File.Delete(_caFile);
    }

    private static async Task<KdsBench> StartAsync(X509Certificate2 certificate, SimulatedKey vcek, string? caFile)
    {
        FakeKds kds = await FakeKds.StartAsync(certificate);
        kds.Publish(Amd, vcek);
        return KdsBench.For(kds, Amd.Roots, null, caFile is null ? [] : [("CaFile", caFile)]);
    }
}
