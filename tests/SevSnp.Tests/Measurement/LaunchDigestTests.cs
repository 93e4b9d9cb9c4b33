using System.Security.Cryptography;
using SevSnp.Measurement;
using SevSnp.Primitives;

namespace SevSnp.Tests.Measurement;

public sealed class LaunchDigestTests
{
    private static readonly byte[] Page = [.. Enumerable.Range(0, LaunchDigest.PageSize).Select(i => (byte)(i * 7))];

    [Fact]
    public void NoPage_IsTheSeed()
    {
        Assert.True(new LaunchDigest().Value.IsZero);
        Assert.Equal(Filled(5), new LaunchDigest(seed: Filled(5)).Value);
    }

    [Fact]
    public void Record_HasTheSpecifiedLayout()
    {
        byte[] record = new byte[112];
        record.AsSpan(0, 48).Fill(0xA1);
        record.AsSpan(0x30, 48).Fill(0xB2);
        record[0x60] = 0x70;
        record[0x62] = 2;
        record[0x65] = 0x11;
        record[0x66] = 0x22;
        record[0x67] = 0x33;
        Convert.FromHexString("0807060504030201").CopyTo(record, 0x68);

        LaunchDigest digest = new(seed: Filled(0xA1));
        digest.Add(PageType.Vmsa, 0x0102030405060708, Filled(0xB2), new VmplPermissions(0x11, 0x22, 0x33));

        Assert.Equal(new Digest384(SHA384.HashData(record)), digest.Value);
    }

    [Fact]
    public void AnyFieldOfAPage_ChangesTheDigest()
    {
        Digest384 contents = LaunchDigest.HashPage(Page);
        Digest384[] digests =
        [
            One(d => d.Add(PageType.Normal, 0x1000, contents)),
            One(d => d.Add(PageType.Vmsa, 0x1000, contents)),
            One(d => d.Add(PageType.Normal, 0x2000, contents)),
            One(d => d.Add(PageType.Normal, 0x1000, Filled(1))),
            One(d => d.Add(PageType.Normal, 0x1000, contents, new VmplPermissions(1, 0, 0))),
            One(d => d.Add(PageType.Normal, 0x1000, contents, new VmplPermissions(0, 1, 0))),
            One(d => d.Add(PageType.Normal, 0x1000, contents, new VmplPermissions(0, 0, 1))),
        ];

        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    [Theory]
    [InlineData(PageType.Normal, true)]
    [InlineData(PageType.Vmsa, true)]
    [InlineData(PageType.Zero, false)]
    [InlineData(PageType.Unmeasured, false)]
    [InlineData(PageType.Secrets, false)]
    [InlineData(PageType.Cpuid, false)]
    public void Contents_CountForMeasuredTypesOnly(PageType type, bool measured) =>
        Assert.Equal(measured, One(d => d.AddPage(type, 0x1000, Page)) != One(d => d.AddPage(type, 0x1000, new byte[LaunchDigest.PageSize])));

    [Fact]
    public void PermissionsOfOnePage_DoNotReachTheNext()
    {
        LaunchDigest first = new();
        first.Add(PageType.Normal, 0, default, new VmplPermissions(1, 2, 3));
        LaunchDigest second = new(seed: first.Value);
        first.Add(PageType.Normal, 0x1000);
        second.Add(PageType.Normal, 0x1000);

        Assert.Equal(second.Value, first.Value);
    }

    [Fact]
    public void ShortPage_IsPaddedWithZeros() =>
        Assert.Equal(new Digest384(SHA384.HashData([.. Page[..100], .. new byte[LaunchDigest.PageSize - 100]])), LaunchDigest.HashPage(Page.AsSpan(0, 100)));

    [Fact]
    public void LongPage_IsTheCallersDefect() =>
        Assert.Throws<ArgumentException>(() => LaunchDigest.HashPage(new byte[LaunchDigest.PageSize + 1]));

    [Fact]
    public void Steps_AreKeptInOrderWhenAskedFor()
    {
        LaunchDigest digest = new(keepSteps: true);
        digest.AddPage(PageType.Normal, 0x1000, Page);
        Digest384 afterFirst = digest.Value;
        digest.Add(PageType.Cpuid, 0x2000);
        LaunchMeasurement measurement = digest.ToMeasurement();
        digest.Add(PageType.Zero, 0x3000);

        Assert.Equal(
            [new(PageType.Normal, 0x1000, LaunchDigest.HashPage(Page), afterFirst), new(PageType.Cpuid, 0x2000, default, measurement.Digest)],
            measurement.Steps);
        Assert.Equal(2, measurement.PageCount);
        Assert.NotEqual(digest.Value, measurement.Digest);
    }

    [Fact]
    public void Steps_AreNotKeptOtherwise()
    {
        LaunchDigest digest = new();
        digest.Add(PageType.Zero, 0);

        Assert.Empty(digest.ToMeasurement().Steps);
        Assert.Equal(1, digest.ToMeasurement().PageCount);
    }

    [Fact]
    public void AddingPages_AllocatesNothing()
    {
        LaunchDigest digest = new();
        digest.AddPage(PageType.Normal, 0, Page);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 1; i <= 1000; i++)
        {
            digest.AddPage(PageType.Normal, i * LaunchDigest.PageSize, Page);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Theory]
    [InlineData(PageType.Normal, "normal")]
    [InlineData(PageType.Vmsa, "vmsa")]
    [InlineData(PageType.Zero, "zero")]
    [InlineData(PageType.Unmeasured, "unmeasured")]
    [InlineData(PageType.Secrets, "secrets")]
    [InlineData(PageType.Cpuid, "cpuid")]
    [InlineData((PageType)7, "unknown")]
    public void PageType_HasItsName(PageType type, string name) => Assert.Equal(name, type.WireName());

    private static Digest384 One(Action<LaunchDigest> add)
    {
        LaunchDigest digest = new();
        add(digest);
        return digest.Value;
    }

    private static Digest384 Filled(byte value)
    {
        byte[] bytes = new byte[Digest384.Size];
        bytes.AsSpan().Fill(value);
        return new Digest384(bytes);
    }
}
