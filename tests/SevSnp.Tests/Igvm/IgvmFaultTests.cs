using SevSnp.Igvm;

namespace SevSnp.Tests.Igvm;

/// <summary>Every fault of the table can be found, by its name, where it is, and as heavy as the table says.</summary>
public sealed class IgvmFaultTests
{
    public static IEnumerable<TheoryDataRow<IgvmFaultId>> Ids => FaultCases.All.Keys.Select(id => new TheoryDataRow<IgvmFaultId>(id));

    public static IEnumerable<TheoryDataRow<IgvmFaultId>> LimitIds =>
        IgvmFaults.All.Where(r => r.Severity == IgvmSeverity.Limit).Select(r => new TheoryDataRow<IgvmFaultId>(r.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void FileWithAFault_IsRefusedAsTheTableSays(IgvmFaultId id)
    {
        byte[] file = FaultCases.All[id]();
        IgvmFault strict = SampleIgvm.Refusal(file, IgvmStrictness.Strict);
        Assert.Equal(id, strict.Id);
        Assert.InRange(strict.Offset, 0, file.Length);
        foreach (IgvmStrictness strictness in Enum.GetValues<IgvmStrictness>())
        {
            // The fixed header read as a variable header has further faults, so no such file is ever read.
            if (id == IgvmFaultId.HeaderSectionInFixedHeader && strictness == IgvmStrictness.Lenient)
            {
                Assert.NotEqual(id, SampleIgvm.Refusal(file).Id);
                continue;
            }

            bool read = IgvmReader.TryRead(file, new IgvmReadOptions { Strictness = strictness }, out IgvmFile? lenient, out IgvmFault fault);
            Assert.Equal(IgvmFaults.Refuses(id, strictness), !read);
            Assert.Equal(strict, read ? lenient!.Warnings.First(w => w.Id == id) : fault);
        }
    }

    [Theory]
    [MemberData(nameof(LimitIds))]
    public void T81_FileAtItsLimit_IsReadAndOneMore_IsNot(IgvmFaultId id)
    {
        (byte[] file, IgvmLimits enough, IgvmLimits less) = AtLimit(id);
        foreach (IgvmStrictness strictness in Enum.GetValues<IgvmStrictness>())
        {
            Assert.True(IgvmReader.TryRead(file, new IgvmReadOptions { Limits = enough, Strictness = strictness }, out _, out IgvmFault none), none.ToString());
            Assert.Equal(id, SampleIgvm.Refusal(file, strictness, less).Id);
        }
    }

    [Fact]
    public void EveryFault_HasACaseAndARule()
    {
        IgvmFaultId[] all = [.. Enum.GetValues<IgvmFaultId>().Where(id => id != IgvmFaultId.None)];
        Assert.Equal(all.Order(), IgvmFaults.All.Select(r => r.Id).Order());
        Assert.Equal(all.Order(), FaultCases.All.Keys.Concat(LimitIds.Select(l => l.Data)).Order());
        Assert.Equal(all.Length, all.Select(id => id.WireName()).Distinct().Count());
    }

    [Fact]
    public void Fault_IsToldOnOneLine()
    {
        IgvmFault fault = SampleIgvm.Refusal(FaultCases.All[IgvmFaultId.GpaUnaligned]());
        Assert.Equal("GPA_UNALIGNED: PAGE_DATA.gpa at offset 0x68: must be a multiple of 4096, is 0x800", fault.ToString());
        Assert.Equal("NONE", default(IgvmFault).ToString());
    }

    [Fact]
    public void WarningsOfOneKind_AreCountedButNotAllKept()
    {
        IgvmBuilder builder = SampleIgvm.Start();
        for (uint i = 0; i < 1000; i++)
        {
            builder.Page(i * 0x1000, SampleIgvm.Snp, default, 8);
        }

        IgvmFile file = SampleIgvm.Read(builder.Data(SampleIgvm.PageOf(1)).Build(), IgvmStrictness.Lenient);
        Assert.Equal(1000, file.WarningCounts[IgvmFaultId.PageFlagsReserved]);
        Assert.InRange(file.Warnings.Count, 1, 20);
    }

    private static (byte[] File, IgvmLimits Enough, IgvmLimits Less) AtLimit(IgvmFaultId id)
    {
        byte[] sample = SampleIgvm.Builder().Build();
        IgvmFile read = SampleIgvm.Read(sample);
        IgvmLimits any = IgvmLimits.Format;
        byte[] vsm = [1, 0, 0, 0, .. new byte[32]];
        return id switch
        {
            IgvmFaultId.FileTooLarge => (sample, any with { MaxFileBytes = sample.Length }, any with { MaxFileBytes = sample.Length - 1 }),
            IgvmFaultId.HeaderSectionTooLarge => (sample, any with { MaxHeaderSectionBytes = read.HeaderSectionSize }, any with { MaxHeaderSectionBytes = read.HeaderSectionSize - 1 }),
            IgvmFaultId.TooManyHeaders => (sample, any with { MaxHeaders = read.HeaderCount }, any with { MaxHeaders = read.HeaderCount - 1 }),
            IgvmFaultId.TooManyPages => (sample, any with { MaxPages = 5 }, any with { MaxPages = 4 }),
            IgvmFaultId.ParameterAreaTooLarge => (
                SampleIgvm.Start().ParameterArea(0, 0x2000).Data(sample).Build(), any with { MaxPages = 2 }, any with { MaxPages = 1 }),
            IgvmFaultId.TooManyParameterAreas => (sample, any with { MaxParameterAreas = 1 }, any with { MaxParameterAreas = 0 }),
            IgvmFaultId.TooManyVpContexts => (sample, any with { MaxVpContexts = 1 }, any with { MaxVpContexts = 0 }),
            IgvmFaultId.TooManyRelocations => (
                new IgvmBuilder().Platform(IgvmPlatformType.Vsm, 1)
                    .Header(IgvmHeaderType.PageTableRelocation, new PageTableRelocationHeader(1, 0, 0, 0, 0, 0x1000, 0).ToBytes()).VpContext(0, 1, vsm).Build(),
                any with { MaxRelocations = 1 }, any with { MaxRelocations = 0 }),
            _ => (
                new IgvmBuilder().Platform(IgvmPlatformType.SevSnp, 1)
                    .Header((uint)IgvmHeaderType.CorimDocument, new CorimHeader(1, 0, 40, 0).ToBytes(), new byte[40]).Build(),
                any with { MaxCorimBytes = 40 }, any with { MaxCorimBytes = 39 }),
        };
    }
}
