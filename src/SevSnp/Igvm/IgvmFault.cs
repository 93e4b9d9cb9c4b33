namespace SevSnp.Igvm;

/// <summary>One rule of the format that a file breaks.</summary>
/// <param name="Id">Which fault.</param>
/// <param name="Offset">Offset of the field in the file, in bytes.</param>
/// <param name="Field">The field by its structure and name, for example <c>PAGE_DATA.gpa</c>.</param>
/// <param name="Found">What was found there, or null where a number tells nothing.</param>
public readonly record struct IgvmFault(IgvmFaultId Id, long Offset, string Field, ulong? Found = null)
{
    /// <summary>How heavy the fault is. Only where there is one.</summary>
    public IgvmSeverity Severity => IgvmFaults.RuleOf(Id).Severity;

    /// <summary>The rule that is broken, in one sentence.</summary>
    public string Rule => IgvmFaults.RuleOf(Id).Text;

    /// <summary>The fault on one line: name, field, offset, rule, what was found.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Id == IgvmFaultId.None ? Id.WireName() : Found is { } found
        ? $"{Id.WireName()}: {Field} at offset 0x{Offset:X}: {Rule}, is 0x{found:X}"
        : $"{Id.WireName()}: {Field} at offset 0x{Offset:X}: {Rule}";
}

/// <summary>The rule behind a fault.</summary>
/// <param name="Id">The fault.</param>
/// <param name="Severity">How heavy it is.</param>
/// <param name="Text">What must hold, without a full stop.</param>
public sealed record IgvmRule(IgvmFaultId Id, IgvmSeverity Severity, string Text);
