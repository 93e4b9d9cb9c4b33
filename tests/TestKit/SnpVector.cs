namespace Verifier.TestKit;

/// <summary>One entry of <c>snp/expected.json</c>: a real report with its leaf certificate, decoded, and what must come out.</summary>
/// <param name="Vector">Name of the folder.</param>
/// <param name="ReportFile">The report, or null where there is only a certificate.</param>
/// <param name="LeafFile">The VCEK or VLEK, DER or PEM.</param>
/// <param name="Report">The decoded report.</param>
/// <param name="Leaf">The decoded leaf.</param>
/// <param name="ProductLine">Milan, Genoa or Turin.</param>
/// <param name="Expected">What must come out.</param>
/// <param name="VerificationTime">The time to judge at.</param>
public sealed record SnpVector(
    string Vector,
    string? ReportFile,
    string LeafFile,
    SnpReportFields? Report,
    SnpLeafFields Leaf,
    string ProductLine,
    SnpExpected Expected,
    DateTimeOffset VerificationTime)
{
    /// <summary>The folder; with the file where a folder holds a second report.</summary>
    public string Name => ReportFile is null or "report.bin" ? Vector : $"{Vector}/{ReportFile}";

    /// <summary>Path of the report.</summary>
    public string ReportPath => Vectors.Path("snp", Vector, ReportFile ?? throw new InvalidOperationException($"{Vector} has no report."));

    /// <summary>Path of the leaf.</summary>
    public string LeafPath => Vectors.Path("snp", Vector, LeafFile);

    /// <summary>True when the leaf is a VLEK.</summary>
    public bool IsVlek => Leaf.SubjectCn == "SEV-VLEK";

    /// <summary>Path of intermediate and root in PEM, as AMD's key service answers.</summary>
    public string ChainPath => Vectors.Path("snp", "ca", $"{ProductLine.ToLowerInvariant()}-{(IsVlek ? "vlek" : "vcek")}-cert_chain.pem");

    /// <summary>Reads the report.</summary>
    /// <returns>1184 bytes.</returns>
    public byte[] ReadReport() => File.ReadAllBytes(ReportPath);

    /// <summary>Reads the leaf as it lies there.</summary>
    /// <returns>DER or PEM.</returns>
    public byte[] ReadLeaf() => File.ReadAllBytes(LeafPath);
}

/// <summary>A decoded report. Byte arrays in hexadecimal in memory order; wide integers as <c>0x</c> text.</summary>
public sealed record SnpReportFields(
    string Sha256,
    uint Version,
    uint GuestSvn,
    string Policy,
    string FamilyId,
    string ImageId,
    uint Vmpl,
    uint SignatureAlgo,
    string PlatformInfo,
    string KeyInfo,
    string SigningKey,
    int AuthorKeyEn,
    int MaskChipKey,
    string ReportData,
    string Measurement,
    string HostData,
    string IdKeyDigest,
    string AuthorKeyDigest,
    string ReportId,
    string ReportIdMa,
    SnpCpuId? Cpuid,
    string ChipId,
    SnpTcb CurrentTcb,
    SnpTcb ReportedTcb,
    SnpTcb CommittedTcb,
    SnpTcb LaunchTcb,
    string CurrentVersion,
    string CommittedVersion,
    string? LaunchMitVector,
    string? CurrentMitVector,
    string SignatureRBe,
    string SignatureSBe)
{
    /// <summary>Reads the <c>0x</c> text of a wide integer.</summary>
    /// <param name="text">For example <c>0x30000</c>.</param>
    /// <returns>The number.</returns>
    public static ulong Number(string text) => Convert.ToUInt64(text, 16);
}

/// <summary>Family and model as <c>0x</c> text.</summary>
public sealed record SnpCpuId(string Family, string Model, byte Stepping);

/// <summary>A decoded TCB version; Fmc only on Turin.</summary>
public sealed record SnpTcb(byte Bl, byte Tee, byte Snp, byte Ucode, string RawHex, byte? Fmc = null);

/// <summary>A decoded leaf certificate.</summary>
public sealed record SnpLeafFields(
    string Sha256,
    string SpkiSha256,
    string SubjectCn,
    string IssuerCn,
    string NotBefore,
    string NotAfter,
    int StructVersion,
    string ProductName,
    byte BlSpl,
    byte TeeSpl,
    byte SnpSpl,
    byte UcodeSpl,
    byte? FmcSpl,
    string? Hwid,
    string? CspId);

/// <summary>What must come out of an entry.</summary>
public sealed record SnpExpected(
    string Chain,
    string? ReportSignature,
    bool TcbMatchesLeaf,
    bool? ChipIdMatchesHwid,
    bool DebugAllowed,
    bool IdBlock,
    [property: System.Text.Json.Serialization.JsonPropertyName("reported_le_committed_le_current")] bool ReportedLeCommittedLeCurrent);
