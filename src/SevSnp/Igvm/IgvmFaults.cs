using SevSnp.Igvm.Faults;
using SevSnp.Primitives;

namespace SevSnp.Igvm;

/// <summary>The table of all faults: names, severities and rules.</summary>
public static class IgvmFaults
{
    private static readonly Dictionary<IgvmFaultId, IgvmRule> ById = Table().ToDictionary(r => r.Id);
    private static readonly Dictionary<IgvmFaultId, string> Names = ById.Keys.ToDictionary(id => id, id => UpperSnake.Of(id.ToString()));

    /// <summary>All rules, in the order of their groups.</summary>
    public static IReadOnlyList<IgvmRule> All { get; } = [.. Table()];

    /// <summary>The rule of a fault.</summary>
    /// <param name="id">A fault; not <see cref="IgvmFaultId.None"/>.</param>
    /// <returns>Severity and text.</returns>
    public static IgvmRule RuleOf(IgvmFaultId id) => ById[id];

    /// <summary>The name used in answers, logs and documents, for example <c>GPA_UNALIGNED</c>.</summary>
    /// <param name="id">A fault.</param>
    /// <returns>The name; <c>NONE</c> for <see cref="IgvmFaultId.None"/>.</returns>
    public static string WireName(this IgvmFaultId id) => Names.GetValueOrDefault(id, "NONE");

    /// <summary>Tells whether a file with this fault is refused.</summary>
    /// <param name="id">A fault.</param>
    /// <param name="strictness">How strict the reading is.</param>
    /// <returns>True for a refusal, false for a warning.</returns>
    public static bool Refuses(IgvmFaultId id, IgvmStrictness strictness) => RuleOf(id).Severity switch
    {
        IgvmSeverity.Strict => strictness != IgvmStrictness.Lenient,
        IgvmSeverity.Padding => strictness == IgvmStrictness.Strict,
        _ => true,
    };

    private static IEnumerable<IgvmRule> Table() =>
    [
        .. StructureRules.All, .. PlatformRules.All, .. InitializationRules.All, .. MemoryRules.All, .. ContextRules.All, .. LimitRules.All,
    ];
}
