using System.IO.MemoryMappedFiles;
using SevSnp.Igvm;
using SevSnp.Igvm.Reading;
using SevSnp.Measurement;

namespace SevSnp.Tests.Igvm;

/// <summary>Bytes in a memory mapping, also beyond what one span can hold.</summary>
public sealed class MappedIgvmBytesTests
{
    [Fact]
    public void MappedFile_ReadsAndMeasuresLikeMemory()
    {
        byte[] bytes = SampleIgvm.Builder().Build();
        WithMapping(bytes.Length, view => view.WriteArray(0, bytes, 0, bytes.Length), mapped =>
        {
            Assert.Equal(bytes.Length, mapped.Length);
            Assert.True(IgvmReader.TryRead(mapped, IgvmReadOptions.Default, out IgvmFile? file, out IgvmFault fault), fault.ToString());
            Assert.True(IgvmMeasurer.TryMeasure(file, new IgvmLaunch(), out IgvmMeasurement? one, out _));
            Assert.True(IgvmMeasurer.TryMeasure(SampleIgvm.Read(bytes), new IgvmLaunch(), out IgvmMeasurement? other, out _));
            Assert.Equal(other.Digest, one.Digest);
        });
    }

    [Fact]
    public void FileOver2GiB_IsMeasured()
    {
        // The last page of a sparse file lies where an int cannot point.
        const long Length = 3L << 30;
        byte[] page = SampleIgvm.PageOf(9);
        byte[] front = SampleIgvm.Start().Page(0x1000, SampleIgvm.Snp, page).Build()[..^page.Length];
        BitConverter.TryWriteBytes(front.AsSpan(16), (uint)Length);
        BitConverter.TryWriteBytes(front.AsSpan(front.Length - 12), (uint)(Length - page.Length));
        SampleIgvm.Rechecksum(front);
        WithMapping(
            Length,
            view =>
            {
                view.WriteArray(0, front, 0, front.Length);
                view.WriteArray(Length - page.Length, page, 0, page.Length);
            },
            mapped =>
            {
                Assert.True(IgvmReader.TryRead(mapped, IgvmReadOptions.Default, out IgvmFile? file, out IgvmFault fault), fault.ToString());
                Assert.True(IgvmMeasurer.TryMeasure(file, new IgvmLaunch(), out IgvmMeasurement? far, out _));
                IgvmFile near = SampleIgvm.Read(SampleIgvm.Start().Page(0x1000, SampleIgvm.Snp, page).Build());
                Assert.True(IgvmMeasurer.TryMeasure(near, new IgvmLaunch(), out IgvmMeasurement? same, out _));
                Assert.Equal(same.Digest, far.Digest);
                Assert.False(IgvmReader.TryRead(mapped, new IgvmReadOptions { Limits = IgvmLimits.Service }, out _, out fault));
                Assert.Equal(IgvmFaultId.FileTooLarge, fault.Id);
            });
    }

    [Fact]
    public void GapThatMemoryCannotHold_IsNoPlaceForAnIdBlock()
    {
        // Variable headers may begin anywhere; an ID block is added in front of the data, by writing all before it anew.
        const long Length = 3L << 30;
        const uint Section = 0xA000_0000;
        IgvmFile near = SampleIgvm.Read(new IgvmBuilder().Platform(IgvmPlatformType.SevSnp, SampleIgvm.Snp).Page(0x1000, SampleIgvm.Snp).Data(SampleIgvm.PageOf(1)).Build());
        byte[] section = near.Bytes.Slice(near.HeaderSectionOffset, near.HeaderSectionSize).ToArray();
        byte[] start = near.Bytes.Slice(0, (int)near.HeaderSectionOffset).ToArray();
        BitConverter.TryWriteBytes(start.AsSpan(8), Section);
        BitConverter.TryWriteBytes(start.AsSpan(16), (uint)Length);
        start.AsSpan(20, 4).Clear();
        BitConverter.TryWriteBytes(start.AsSpan(20), Crc32.Finish(Crc32.Update(Crc32.Update(Crc32.Start, start), section)));
        WithMapping(
            Length,
            view =>
            {
                view.WriteArray(0, start, 0, start.Length);
                view.WriteArray(Section, section, 0, section.Length);
            },
            mapped =>
            {
                Assert.True(IgvmReader.TryRead(mapped, IgvmReadOptions.Default, out IgvmFile? far, out IgvmFault fault), fault.ToString());
                Assert.False(IgvmIdBlockWriter.TryAdd(far, SampleIgvm.IdBlock(), out _, out IgvmWriteFaultId obstacle));
                Assert.Equal(IgvmWriteFaultId.GapTooLarge, obstacle);
            });
    }

    [Fact]
    public void RunOutsideTheFile_IsADefect() => WithMapping(100, _ => { }, mapped =>
    {
        Assert.Equal(100, mapped.Slice(0, 100).Length);
        Assert.Equal(0, mapped.Slice(100, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapped.Slice(-1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapped.Slice(99, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapped.Slice(long.MaxValue, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapped.Slice(0, -1).Length);
    });

    [Fact]
    public void AfterDispose_NothingIsHandedOut() => WithMapping(100, _ => { }, mapped =>
    {
        mapped.Dispose();
        mapped.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mapped.Slice(0, 1).Length);
    });

    private static void WithMapping(long length, Action<MemoryMappedViewAccessor> fill, Action<MappedIgvmBytes> use)
    {
        string path = Path.GetTempFileName();
        try
        {
            using MemoryMappedFile mapping = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, length);
            using MemoryMappedViewAccessor view = mapping.CreateViewAccessor(0, length);
            fill(view);
            using MappedIgvmBytes mapped = new(view, length);
            use(mapped);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
