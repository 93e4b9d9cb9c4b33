namespace SevSnp.Launch;

/// <summary>The guest policy: 64 bits that the guest owner chose at launch (firmware ABI, guest policy structure).</summary>
/// <param name="Raw">The value as in the report, little endian at offset 0x008.</param>
public readonly record struct GuestPolicy(ulong Raw)
{
    /// <summary>Bit 17, which is always one.</summary>
    public const ulong AlwaysOne = 1UL << 17;

    /// <summary>Bits 63 to 26, which are always zero.</summary>
    public const ulong Reserved = ~((1UL << 26) - 1);

    /// <summary>Lowest ABI major version the guest accepts, bits 15 to 8.</summary>
    public byte AbiMajor => (byte)((Raw >> 8) & 0xFF);

    /// <summary>Lowest ABI minor version the guest accepts, bits 7 to 0.</summary>
    public byte AbiMinor => (byte)(Raw & 0xFF);

    /// <summary>Bit 17 is one and the reserved bits are zero.</summary>
    public bool IsWellFormed => (Raw & AlwaysOne) != 0 && (Raw & Reserved) == 0;

    /// <summary>Tells whether one bit is set.</summary>
    /// <param name="bit">The bit.</param>
    /// <returns>True when set.</returns>
    public bool Has(GuestPolicyBits bit) => ((GuestPolicyBits)Raw & bit) == bit;

    /// <summary>The value in hexadecimal.</summary>
    /// <returns>The text, for example <c>0x30000</c>.</returns>
    public override string ToString() => $"0x{Raw:x}";
}

/// <summary>The named bits of the guest policy. Some permit, some restrict: a rule names required and forbidden bits apart.</summary>
[Flags]
public enum GuestPolicyBits : ulong
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>Bit 16: simultaneous multithreading is allowed.</summary>
    Smt = 1UL << 16,

    /// <summary>Bit 18: a migration agent is allowed.</summary>
    MigrateMa = 1UL << 18,

    /// <summary>Bit 19: the host may decrypt guest memory. Voids everything.</summary>
    Debug = 1UL << 19,

    /// <summary>Bit 20: the guest may run on one socket only.</summary>
    SingleSocket = 1UL << 20,

    /// <summary>Bit 21: CXL memory is allowed.</summary>
    CxlAllow = 1UL << 21,

    /// <summary>Bit 22: AES-256-XTS memory encryption is required.</summary>
    MemAes256Xts = 1UL << 22,

    /// <summary>Bit 23: running average power limit must be off.</summary>
    RaplDis = 1UL << 23,

    /// <summary>Bit 24: DRAM ciphertext hiding is required.</summary>
    CiphertextHidingDram = 1UL << 24,

    /// <summary>Bit 25: page move and swap commands are refused for this guest.</summary>
    PageSwapDisable = 1UL << 25,
}
