namespace SevSnp.Reports;

/// <summary>Offsets and lengths in bytes of ATTESTATION_REPORT (AMD 56860, SEV-SNP firmware ABI, guest message MSG_REPORT_RSP).</summary>
internal static class ReportLayout
{
    public const int Version = 0x000;
    public const int GuestSvn = 0x004;
    public const int Policy = 0x008;
    public const int FamilyId = 0x010;
    public const int ImageId = 0x020;
    public const int Vmpl = 0x030;
    public const int SignatureAlgo = 0x034;
    public const int CurrentTcb = 0x038;
    public const int PlatformInfo = 0x040;
    public const int KeyInfo = 0x048;
    public const int ReportData = 0x050;
    public const int Measurement = 0x090;
    public const int HostData = 0x0C0;
    public const int IdKeyDigest = 0x0E0;
    public const int AuthorKeyDigest = 0x110;
    public const int ReportId = 0x140;
    public const int ReportIdMa = 0x160;
    public const int ReportedTcb = 0x180;
    public const int CpuFamily = 0x188;
    public const int CpuModel = 0x189;
    public const int CpuStepping = 0x18A;
    public const int ChipId = 0x1A0;
    public const int CommittedTcb = 0x1E0;
    public const int CurrentBuild = 0x1E8;
    public const int CommittedBuild = 0x1EC;
    public const int LaunchTcb = 0x1F0;
    public const int LaunchMitVector = 0x1F8;
    public const int CurrentMitVector = 0x200;

    /// <summary>End of the signed bytes, start of R.</summary>
    public const int SignatureR = 0x2A0;

    public const int SignatureS = 0x2E8;

    /// <summary>R and S are 72-byte little-endian fields of which 48 bytes are used.</summary>
    public const int ScalarField = 72;

    public const int Scalar = 48;

    /// <summary>KEY_INFO bit 0.</summary>
    public const uint AuthorKeyEn = 1;

    /// <summary>KEY_INFO bit 1.</summary>
    public const uint MaskChipKey = 2;

    /// <summary>KEY_INFO bits 31 to 5.</summary>
    public const uint KeyInfoReserved = ~0x1FU;

    public const uint SigningKeyVcek = 0;
    public const uint SigningKeyVlek = 1;
    public const uint SigningKeyNone = 7;

    public const uint EcdsaP384Sha384 = 1;

    /// <summary>
    /// Ranges that must be zero, by version. Version 4 was never published in full: like version 3, the two vectors that version 5
    /// names must be zero there, because a value nobody can interpret must not pass.
    /// </summary>
    public static IEnumerable<(int Offset, int Length)> Reserved(uint version)
    {
        yield return (0x04C, 4);
        yield return version == 2 ? (0x188, 24) : (0x18B, 21);
        yield return (0x1EB, 1);
        yield return (0x1EF, 1);
        yield return version >= 5 ? (0x208, 152) : (0x1F8, 168);
        yield return (0x330, 368);
    }
}
