namespace SevSnp.Checks;

/// <summary>Why bytes of evidence were refused: which rule, in which field, at which offset.</summary>
/// <param name="Check">The check that does not hold.</param>
/// <param name="Field">The field by its specification name, for example <c>SIGNATURE_ALGO</c> or <c>VCEK basicConstraints</c>.</param>
/// <param name="Offset">Byte offset within the parsed object, or -1 where no single offset applies.</param>
/// <param name="Rule">The rule that was broken, and what was found, in one sentence.</param>
public readonly record struct EvidenceFault(CheckId Check, string Field, int Offset, string Rule)
{
    /// <summary>The fault on one line: check, field, offset, rule.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        Offset < 0 ? $"{Check.WireName()}: {Field}: {Rule}" : $"{Check.WireName()}: {Field} at offset 0x{Offset:X}: {Rule}";
}
