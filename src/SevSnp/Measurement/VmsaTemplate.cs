namespace SevSnp.Measurement;

/// <summary>What a VMM writes into the save areas of its vCPUs, as far as VMMs differ. Attributes are in the packed 12-bit form.</summary>
internal sealed record VmsaTemplate
{
    public ushort CodeSelector { get; init; }

    public ushort BootCodeAttributes { get; init; }

    public ushort ApCodeAttributes { get; init; }

    public ushort StackAttributes { get; init; }

    public ushort TaskAttributes { get; init; }

    public ulong Cr0 { get; init; }

    public ulong Pat { get; init; }

    /// <summary>RDX, or null where it is the signature of the virtual CPU.</summary>
    public ulong? Rdx { get; init; }

    /// <summary>Selector, attributes and limit of DS, ES and FS.</summary>
    public (ushort Selector, ushort Attributes, uint Limit) Data { get; init; }

    /// <summary>True where vCPUs start in protected mode with flat segments, so that the entry point is not split into CS and RIP.</summary>
    public bool IsFlat { get; init; }

    /// <summary>QEMU with KVM: the CPU as it is after a reset.</summary>
    public static VmsaTemplate QemuKvm { get; } = new()
    {
        CodeSelector = 0xF000,
        BootCodeAttributes = 0x9B,
        ApCodeAttributes = 0x9B,
        StackAttributes = 0x93,
        TaskAttributes = 0x8B,
        Cr0 = 0x10,
        Pat = 0x0007_0406_0007_0406,
        Data = (0, 0x93, 0xFFFF),
    };

    /// <summary>EC2 before RDX changed.</summary>
    public static VmsaTemplate Ec2Rdx0 { get; } = QemuKvm with { BootCodeAttributes = 0x9A, StackAttributes = 0x92, TaskAttributes = 0x83, Rdx = 0 };

    /// <summary>EC2.</summary>
    public static VmsaTemplate Ec2 { get; } = Ec2Rdx0 with { Rdx = 0x600 };

    /// <summary>Google Compute Engine.</summary>
    public static VmsaTemplate Gce { get; } = QemuKvm with { Pat = 0x0007_0106, Rdx = 0x600 };

    /// <summary>QEMU with the older COCONUT-SVSM launch: protected mode, flat segments.</summary>
    public static VmsaTemplate Stage1Svsm { get; } = QemuKvm with
    {
        CodeSelector = 0x08,
        BootCodeAttributes = 0xC9B,
        ApCodeAttributes = 0xC9B,
        StackAttributes = 0xC93,
        Cr0 = 0x11,
        Data = (0x10, 0xC93, 0xFFFF_FFFF),
        IsFlat = true,
    };
}
