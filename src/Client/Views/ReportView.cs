namespace Verifier.Client.Views;

/// <summary>The fields of a report: byte fields in hexadecimal in memory order, bit fields as 0x numbers, counts as numbers.</summary>
internal sealed record ReportView
{
    public required uint Version { get; init; }

    public required uint GuestSvn { get; init; }

    public required string Policy { get; init; }

    public required string FamilyId { get; init; }

    public required string ImageId { get; init; }

    public required uint Vmpl { get; init; }

    public required string PlatformInfo { get; init; }

    public required string SigningKey { get; init; }

    public required bool AuthorKeyEnabled { get; init; }

    public required bool ChipKeyMasked { get; init; }

    public required string ReportData { get; init; }

    public required string Measurement { get; init; }

    public required string HostData { get; init; }

    public required string IdKeyDigest { get; init; }

    public required string AuthorKeyDigest { get; init; }

    public required string ReportId { get; init; }

    public required string ReportIdMa { get; init; }

    public required string ChipId { get; init; }

    /// <summary>Absent in version 2.</summary>
    public CpuView? Cpu { get; init; }

    /// <summary>Absent when it is not known; then the TCB versions cannot be read either.</summary>
    public string? Product { get; init; }

    public TcbView? CurrentTcb { get; init; }

    public TcbView? ReportedTcb { get; init; }

    public TcbView? CommittedTcb { get; init; }

    public TcbView? LaunchTcb { get; init; }

    public required string CurrentFirmware { get; init; }

    public required string CommittedFirmware { get; init; }

    /// <summary>Absent below version 5.</summary>
    public string? LaunchMitigations { get; init; }

    /// <summary>Absent below version 5.</summary>
    public string? CurrentMitigations { get; init; }
}

/// <summary>Combined CPUID values.</summary>
internal sealed record CpuView(uint Family, uint Model, uint Stepping)
{
    public override string ToString() => $"{Family:x2}/{Model:x2}/{Stepping:x}";
}

/// <summary>One number per component; <c>fmc</c> on Turin only.</summary>
internal sealed record TcbView(uint? Fmc, uint BootLoader, uint Tee, uint Snp, uint Microcode)
{
    public override string ToString() =>
        (Fmc is { } fmc ? $"fmc {fmc}, " : "") + $"bl {BootLoader}, tee {Tee}, snp {Snp}, ucode {Microcode}";
}
