namespace SevSnp.Measurement;

/// <summary>SEV_FEATURES of a save area (AMD64 manual volume 2, VMSA layout), 64 bits at offset 0x3B0. It is chosen by the host and measured.</summary>
[Flags]
public enum SevFeatures : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>Bit 0: the guest is an SNP guest.</summary>
    SnpActive = 1UL << 0,

    /// <summary>Bit 1: virtual top of memory.</summary>
    Vtom = 1UL << 1,

    /// <summary>Bit 2: #VC exceptions are reflected to a higher privilege level.</summary>
    ReflectVc = 1UL << 2,

    /// <summary>Bit 3: restricted injection.</summary>
    RestrictedInjection = 1UL << 3,

    /// <summary>Bit 4: alternate injection.</summary>
    AlternateInjection = 1UL << 4,

    /// <summary>Bit 5: debug registers are swapped. KVM of Linux 6.6 and 6.7 sets it unasked.</summary>
    DebugSwap = 1UL << 5,

    /// <summary>Bit 6: no host IBS while the guest runs.</summary>
    PreventHostIbs = 1UL << 6,

    /// <summary>Bit 7: branch target buffer isolation.</summary>
    BtbIsolation = 1UL << 7,

    /// <summary>Bit 8: supervisor shadow stacks per privilege level.</summary>
    VmplSss = 1UL << 8,

    /// <summary>Bit 9: secure TSC.</summary>
    SecureTsc = 1UL << 9,

    /// <summary>Bit 10: VMGEXIT parameter.</summary>
    VmgexitParameter = 1UL << 10,

    /// <summary>Bit 12: IBS virtualization.</summary>
    IbsVirtualization = 1UL << 12,

    /// <summary>Bit 14: save area register protection.</summary>
    VmsaRegProt = 1UL << 14,

    /// <summary>Bit 15: SMT protection.</summary>
    SmtProtection = 1UL << 15,

    /// <summary>Bit 16: secure AVIC.</summary>
    SecureAvic = 1UL << 16,

    /// <summary>Bit 21: IBPB on entry.</summary>
    IbpbOnEntry = 1UL << 21,
}
