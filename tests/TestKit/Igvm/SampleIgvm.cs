using SevSnp.Igvm;

namespace Verifier.TestKit.Igvm;

/// <summary>A small IGVM file of our own, laid out like one with an SVSM: every kind of page once, and the save area of the boot processor.</summary>
public static class SampleIgvm
{
    /// <summary>The mask of SEV-SNP in it.</summary>
    public const uint Mask = 1;

    /// <summary>The guest policy that it asks for: SMT allowed, no debugging, no migration.</summary>
    public const ulong Policy = 0x30000;

    private const ulong VmsaGpa = 0xFFFFFFFFF000;
    private const int PageSize = 4096;

    /// <summary>The file.</summary>
    /// <param name="content">First byte of its code, so that two files differ.</param>
    /// <param name="policy">The guest policy.</param>
    /// <returns>Its bytes.</returns>
    public static byte[] Build(byte content = 1, ulong policy = Policy) => Builder(content, policy).Build();

    /// <summary>The file before it is closed.</summary>
    /// <param name="content">First byte of its code, so that two files differ.</param>
    /// <param name="policy">The guest policy.</param>
    /// <returns>A builder to go on with.</returns>
    public static IgvmBuilder Builder(byte content = 1, ulong policy = Policy) => new IgvmBuilder()
        .Platform(IgvmPlatformType.SevSnp, Mask)
        .Policy(policy, Mask)
        .ParameterArea(0, PageSize)
        .VpContext(VmsaGpa, Mask, Vmsa())
        .Page(0x10000, Mask, Filled(content))
        .Page(0x11000, Mask, Filled((byte)(content + 1)))
        .Page(0x12000, Mask)
        .Page(0x13000, Mask, type: IgvmPageDataType.Secrets)
        .Page(0x14000, Mask, type: IgvmPageDataType.CpuidData)
        .Insert(0x15000, Mask, 0);

    private static byte[] Filled(byte value)
    {
        byte[] page = new byte[PageSize];
        page.AsSpan().Fill(value);
        return page;
    }

    // CR0 as KVM sets it, so that its own state is the file's.
    private static byte[] Vmsa()
    {
        byte[] vmsa = new byte[PageSize];
        vmsa[0x158] = 0x31;
        return vmsa;
    }
}
