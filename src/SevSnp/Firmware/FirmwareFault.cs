namespace SevSnp.Firmware;

/// <summary>One rule that a firmware image, or a launch made from it, breaks.</summary>
/// <param name="Id">Which fault.</param>
/// <param name="Field">The field by its structure and name, for example <c>SEV_METADATA.version</c>, or the input of the launch.</param>
/// <param name="Offset">Offset of the field in the file in bytes, or -1 for an input that lies in no file.</param>
/// <param name="Found">What was found there, or null where a number tells nothing.</param>
public readonly record struct FirmwareFault(FirmwareFaultId Id, string Field, long Offset = -1, ulong? Found = null)
{
    /// <summary>The rule that is broken, without a full stop.</summary>
    public string Rule => FirmwareFaults.RuleOf(Id);

    /// <summary>The fault on one line: name, field, offset, rule, what was found.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string place = Offset < 0 ? Field : $"{Field} at offset 0x{Offset:X}";
        return Found is { } found ? $"{Id.WireName()}: {place}: {Rule}, is 0x{found:X}" : $"{Id.WireName()}: {place}: {Rule}";
    }
}
