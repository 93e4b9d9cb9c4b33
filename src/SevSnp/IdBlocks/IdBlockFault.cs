namespace SevSnp.IdBlocks;

/// <summary>Which rule an ID block, an ID authentication page or a key breaks.</summary>
public enum IdBlockFaultId
{
    /// <summary>No rule.</summary>
    None = 0,

    /// <summary>The structure has another length.</summary>
    LengthIsWrong = 1,

    /// <summary>The structure has a version that is not known.</summary>
    VersionIsUnknown = 2,

    /// <summary>The guest policy has a reserved bit set, or bit 17 clear.</summary>
    PolicyIsMalformed = 3,

    /// <summary>A family or image id does not have 16 bytes.</summary>
    IdentifierIsMalformed = 4,

    /// <summary>An algorithm other than ECDSA P-384 with SHA-384.</summary>
    AlgorithmIsUnknown = 5,

    /// <summary>A reserved byte is not zero.</summary>
    ReservedIsNotZero = 6,

    /// <summary>A number is longer than its curve allows: a padding byte of a signature or coordinate is not zero.</summary>
    PaddingIsNotZero = 7,

    /// <summary>A key on another curve than P-384.</summary>
    CurveIsUnknown = 8,

    /// <summary>A public key that is no point of the curve.</summary>
    PointIsInvalid = 9,

    /// <summary>A text that is not one key in PEM.</summary>
    PemIsMalformed = 10,

    /// <summary>A key that is encrypted.</summary>
    KeyIsEncrypted = 11,

    /// <summary>A public key where a private one is needed, or a private key where a public one is.</summary>
    KeyKindIsWrong = 12,

    /// <summary>A key that is not SEC 1 or PKCS #8 in DER.</summary>
    KeyIsMalformed = 13,

    /// <summary>A private key outside 1 to n-1.</summary>
    ScalarIsOutOfRange = 14,

    /// <summary>A private key that comes with the public key of another one.</summary>
    PublicKeyDiffers = 15,

    /// <summary>An IGVM file says that an author key is used, and has none.</summary>
    AuthorKeyIsAbsent = 16,

    /// <summary>An IGVM file has several ID blocks for SEV-SNP: loaders differ in which they take.</summary>
    SeveralInFile = 17,

    /// <summary>An IGVM file has an ID block, but no guest policy that would complete it.</summary>
    PolicyIsAbsent = 18,

    /// <summary>An IGVM file that an ID block cannot be added to.</summary>
    FileIsNotExtensible = 19,
}

/// <summary>Why an ID block, an ID authentication page or a key was refused: which rule, in which field, at which offset.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Field">The field by its specification name, for example <c>ID_KEY.CURVE</c>.</param>
/// <param name="Offset">Byte offset within the structure, or -1 where no single offset applies.</param>
/// <param name="Rule">What the field must be, in one sentence.</param>
public readonly record struct IdBlockFault(IdBlockFaultId Id, string Field, int Offset, string Rule)
{
    /// <summary>The fault on one line: field, offset, rule.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Offset < 0 ? $"{Field}: {Rule}" : $"{Field} at offset 0x{Offset:X}: {Rule}";
}
