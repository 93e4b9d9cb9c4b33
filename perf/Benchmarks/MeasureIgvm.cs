using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using SevSnp.Igvm;
using SevSnp.Measurement;

namespace Verifier.Perf.Benchmarks;

/// <summary>Reading and measuring an IGVM file of 16 MiB of distinct pages, against one SHA-384 over the same bytes.</summary>
[MemoryDiagnoser]
public class MeasureIgvm
{
    private const uint Mask = 1;
    private const int PageSize = 4096;
    private const int Pages = 4096;

    private byte[] _bytes = [];

    /// <summary>Makes the file.</summary>
    [GlobalSetup]
    public void Setup()
    {
        IgvmBuilder builder = new IgvmBuilder().Platform(IgvmPlatformType.SevSnp, Mask).Policy(0x30000, Mask);
        byte[] page = new byte[PageSize];
        for (int i = 0; i < Pages; i++)
        {
            BitConverter.TryWriteBytes(page, i + 1);
            builder = builder.Page(0x100000UL + ((ulong)i * PageSize), Mask, (byte[])page.Clone());
        }

        _bytes = builder.Build();
    }

    /// <summary>The baseline.</summary>
    [Benchmark(Baseline = true)]
    public byte[] Sha384OfTheFile() => SHA384.HashData(_bytes);

    /// <summary>The launch measurement.</summary>
    [Benchmark]
    public string ReadAndMeasure()
    {
        if (!IgvmReader.TryRead(_bytes, IgvmReadOptions.Default, out IgvmFile? file, out IgvmFault fault))
        {
            throw new InvalidOperationException(fault.ToString());
        }

        return IgvmMeasurer.TryMeasure(file, new IgvmLaunch(), out IgvmMeasurement? measured, out IgvmMeasureFault unmeasured)
            ? measured.Digest.ToString()
            : throw new InvalidOperationException(unmeasured.ToString());
    }
}
