namespace SevSnp.Launch;

/// <summary>Where the components of a TCB version stand in its eight bytes.</summary>
public enum TcbLayout
{
    /// <summary>Milan and Genoa: boot loader, TEE, four reserved bytes, SNP, microcode.</summary>
    Legacy = 0,

    /// <summary>Turin: FMC, boot loader, TEE, SNP, three reserved bytes, microcode.</summary>
    Turin = 1,
}

/// <summary>
/// A TCB version: one unsigned byte per component. TCB versions are ordered component by component only, so "not at least" is not
/// the same as "less"; there is deliberately no comparison operator.
/// </summary>
/// <param name="Layout">The layout it was read with; <see cref="Fmc"/> has a meaning only for <see cref="TcbLayout.Turin"/>.</param>
/// <param name="Fmc">Turin: first mutable code; 0 in the legacy layout.</param>
/// <param name="BootLoader">Boot loader.</param>
/// <param name="Tee">TEE.</param>
/// <param name="Snp">SNP firmware.</param>
/// <param name="Microcode">Microcode.</param>
public readonly record struct TcbVersion(TcbLayout Layout, byte Fmc, byte BootLoader, byte Tee, byte Snp, byte Microcode)
{
    /// <summary>Length of an encoded TCB version in bytes.</summary>
    public const int Size = 8;

    /// <summary>Decodes eight bytes in memory order.</summary>
    /// <param name="bytes">Exactly eight bytes.</param>
    /// <param name="layout">The layout, which the product decides; it is never guessed from the bytes.</param>
    /// <param name="tcb">The decoded version.</param>
    /// <param name="badOffset">Offset of the first reserved byte that is not zero, or -1.</param>
    /// <returns>False when a reserved byte is not zero or the length is wrong.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, TcbLayout layout, out TcbVersion tcb, out int badOffset)
    {
        tcb = default;
        badOffset = 0;
        if (bytes.Length != Size)
        {
            return false;
        }

        (int start, int end) = layout == TcbLayout.Legacy ? (2, 6) : (4, 7);
        int bad = bytes[start..end].IndexOfAnyExcept((byte)0);
        if (bad >= 0)
        {
            badOffset = start + bad;
            return false;
        }

        badOffset = -1;
        tcb = layout == TcbLayout.Legacy
            ? new TcbVersion(layout, 0, bytes[0], bytes[1], bytes[6], bytes[7])
            : new TcbVersion(layout, bytes[0], bytes[1], bytes[2], bytes[3], bytes[7]);
        return true;
    }

    /// <summary>True when every component is at least that of the floor. Versions of different layouts are never comparable.</summary>
    /// <param name="floor">The least allowed version.</param>
    /// <returns>True when the floor is met.</returns>
    public bool IsAtLeast(TcbVersion floor) =>
        Layout == floor.Layout && Fmc >= floor.Fmc && BootLoader >= floor.BootLoader && Tee >= floor.Tee && Snp >= floor.Snp && Microcode >= floor.Microcode;

    /// <summary>Every component by name, for example <c>bl 4, tee 0, snp 24, ucode 219</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Layout == TcbLayout.Turin
        ? $"fmc {Fmc}, bl {BootLoader}, tee {Tee}, snp {Snp}, ucode {Microcode}"
        : $"bl {BootLoader}, tee {Tee}, snp {Snp}, ucode {Microcode}";
}

/// <summary>The four TCB versions of a report, all read with one layout.</summary>
/// <param name="Current">What runs now.</param>
/// <param name="Reported">What the signing key was derived for.</param>
/// <param name="Committed">What the platform can no longer be rolled back below.</param>
/// <param name="Launch">What ran when the guest was launched or imported.</param>
public readonly record struct TcbVersions(TcbVersion Current, TcbVersion Reported, TcbVersion Committed, TcbVersion Launch);
