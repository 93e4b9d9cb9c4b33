namespace SevSnp.Checks;

/// <summary>
/// What must hold of evidence before it is accepted: one member per row C1 to C48 of the check list, the number being the row's.
/// The stable text form (<see cref="CheckIds.WireName"/>) is the one that callers, logs and documents use;
/// <c>docs/checks.md</c> has an entry for each.
/// </summary>
public enum CheckId
{
    /// <summary>No check; never part of a verdict.</summary>
    None = 0,

    /// <summary>C1: the report is exactly 1184 bytes long.</summary>
    ReportLengthIsExact = 1,

    /// <summary>C2: the report's version is a known one (2 to 5) and not below the minimum demanded.</summary>
    ReportVersionIsAllowed = 2,

    /// <summary>C3: every reserved byte of the report, those behind the signature included, is zero.</summary>
    ReservedBytesAreZero = 3,

    /// <summary>C4: guest policy bit 17 is one and bits 63 to 26 are zero.</summary>
    GuestPolicyIsWellFormed = 4,

    /// <summary>C5: the report says that a VCEK or a VLEK signed it.</summary>
    SigningKeyIsNamed = 5,

    /// <summary>C6: the signature algorithm is ECDSA P-384 with SHA-384.</summary>
    SignatureAlgorithmIsKnown = 6,

    /// <summary>C7: R and S are 72-byte little-endian fields whose 24 top bytes are zero, each from 1 to n-1.</summary>
    SignatureIsWellFormed = 7,

    /// <summary>C8: the signature is checked over the bytes as received, never over a re-encoded structure.</summary>
    SignatureCoversReceivedBytes = 8,

    /// <summary>C9: the reserved bytes of all four TCB versions, in the product's layout, are zero.</summary>
    TcbReservedBytesAreZero = 9,

    /// <summary>C10: the root certificate is one whose fingerprint is pinned.</summary>
    RootIsPinned = 10,

    /// <summary>C11: every certificate is signed by its issuer with RSASSA-PSS, SHA-384, salt 48.</summary>
    ChainSignaturesAreValid = 11,

    /// <summary>C12: every certificate is within its validity at the time of judging.</summary>
    CertificatesAreInValidity = 12,

    /// <summary>C13: every certificate is strict DER and has AMD's profile: names, CA flags, path length, key usage.</summary>
    CertificatesMatchProfile = 13,

    /// <summary>C14: the leaf's key is an uncompressed point on the named curve P-384.</summary>
    LeafKeyIsP384 = 14,

    /// <summary>C15: no certificate of the chain is on a current revocation list signed by the root.</summary>
    CertificatesAreNotRevoked = 15,

    /// <summary>C16: CPU family and model, issuer name, product name and structure version name one product line.</summary>
    ProductIsConsistent = 16,

    /// <summary>C17: SIGNING_KEY, leaf, issuer and the leaf's extensions agree on VCEK or VLEK.</summary>
    KeyKindIsConsistent = 17,

    /// <summary>C18: the certificate table is well formed.</summary>
    CertificateTableIsWellFormed = 18,

    /// <summary>C19: no certificate has an unknown critical extension or the same extension twice; AMD's are each present once.</summary>
    CertificateExtensionsAreKnown = 19,

    /// <summary>C20: the report is signed by the leaf's key.</summary>
    ReportSignatureIsValid = 20,

    /// <summary>C21: REPORTED_TCB equals the leaf's TCB, component by component.</summary>
    ReportedTcbMatchesCertificate = 21,

    /// <summary>C22: CHIP_ID equals the leaf's hardware id.</summary>
    ChipIdMatchesCertificate = 22,

    /// <summary>C23: CHIP_ID is not masked, or the policy allows a masked one.</summary>
    ChipIdIsNotMasked = 23,

    /// <summary>C24: GUEST_SVN is at least the minimum stated together with the signer that gives it meaning.</summary>
    GuestSvnMeetsMinimum = 24,

    /// <summary>C25: the launch measurement belongs to a registered, usable reference value.</summary>
    MeasurementIsRegistered = 25,

    /// <summary>C26: REPORT_DATA is what the request's binding scheme demands, all 64 bytes.</summary>
    ReportDataMatchesBinding = 26,

    /// <summary>C27: HOST_DATA is the expected one.</summary>
    HostDataMatches = 27,

    /// <summary>C28: the ID key and author key digests are allowed, and consistent with AUTHOR_KEY_EN.</summary>
    IdBlockSignerIsAllowed = 28,

    /// <summary>C29: without an ID block, guest SVN, family id and image id are zero.</summary>
    IdBlockFieldsAreConsistent = 29,

    /// <summary>C30: family id and image id are the expected ones.</summary>
    FamilyAndImageMatch = 30,

    /// <summary>C31: the VMPL is in the allowed set; a report requested by the host never is.</summary>
    VmplIsAllowed = 31,

    /// <summary>C32: the guest policy forbids debugging.</summary>
    DebugIsOff = 32,

    /// <summary>C33: the guest policy forbids a migration agent and none is bound.</summary>
    MigrationIsOff = 33,

    /// <summary>C34: the other guest policy bits and the ABI minimum are as demanded.</summary>
    GuestPolicyIsAllowed = 34,

    /// <summary>C35: the platform information bits are as demanded.</summary>
    PlatformInfoIsAllowed = 35,

    /// <summary>C36: REPORTED_TCB meets the floor for its product.</summary>
    ReportedTcbMeetsFloor = 36,

    /// <summary>C37: COMMITTED_TCB meets the floor for its product.</summary>
    CommittedTcbMeetsFloor = 37,

    /// <summary>C38: REPORTED_TCB &lt;= COMMITTED_TCB &lt;= CURRENT_TCB in each component.</summary>
    TcbOrderHolds = 38,

    /// <summary>C39: LAUNCH_TCB meets the floor for its product; no order between launch and current is demanded.</summary>
    LaunchTcbMeetsFloor = 39,

    /// <summary>C40: the firmware version meets the minimum, compared as (major, minor, build).</summary>
    FirmwareVersionMeetsMinimum = 40,

    /// <summary>C41: the mitigation vectors contain every demanded bit.</summary>
    MitigationsAreActive = 41,

    /// <summary>C42: the cloud provider named by a VLEK is on the allow-list.</summary>
    CspIdIsAllowed = 42,

    /// <summary>C43: the product line and the chip are allowed.</summary>
    ProductAndChipAreAllowed = 43,

    /// <summary>C44: MEASUREMENT and REPORT_ID are not zero.</summary>
    IdentityFieldsAreNotZero = 44,

    /// <summary>C45: the evidence is fresh, which only a nonce in REPORT_DATA can show.</summary>
    EvidenceIsFresh = 45,

    /// <summary>C46: the evidence has not been seen before. Made of issued challenges alone; for others the evidence id lets a caller do it.</summary>
    EvidenceIsNotReplayed = 46,

    /// <summary>C47: the kind of key that signed the report, VCEK or VLEK, is an allowed one.</summary>
    SigningKeyIsAllowed = 47,

    /// <summary>C48: the report shows that every security bulletin which the policy demands is dealt with.</summary>
    RequiredAdvisoriesAreMet = 48,
}
