using System.Buffers;
using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using Verifier.Contracts.V1;
using Verifier.Service.Rpc;
using Verifier.TestKit;

namespace Verifier.Perf.Benchmarks;

/// <summary>The strict reading of a question with its certificates, against that of the library alone, which lets pass what it does not know.</summary>
[MemoryDiagnoser]
public class ReadRequest
{
    private ReadOnlySequence<byte> _request;

    /// <summary>Makes a guest, and asks about it.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Scenario scenario = Scenario.Vcek();
        SnpEvidence snp = new() { Report = ByteString.CopyFrom(scenario.SignReport()), Der = new DerCertificates() };
        snp.Der.Certificates.AddRange(scenario.Certificates.Select(c => ByteString.CopyFrom(c)));
        VerifyRequest request = new()
        {
            Evidence = new Evidence { Snp = snp },
            Binding = new ReportDataBinding { Nonce = ByteString.CopyFrom(ReportBuilder.DefaultReportData) },
        };
        _request = new ReadOnlySequence<byte>(request.ToByteArray());
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public IMessage ByTheLibrary() => VerifyRequest.Parser.ParseFrom(_request);

    /// <summary>With its fields counted, and each of them known.</summary>
    [Benchmark]
    public IMessage Strictly() => StrictBinder.Read(VerifyRequest.Descriptor, _request);
}
