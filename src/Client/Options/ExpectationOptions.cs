using System.CommandLine;
using SevSnp.Primitives;

namespace Verifier.Client.Options;

/// <summary>What is expected of a report, whoever judges it.</summary>
/// <param name="looseness">What the help adds where an option may do more than tighten.</param>
internal sealed class ExpectationOptions(string looseness = "")
{
    private readonly Option<IReadOnlyList<uint>> _vmpls = Opt.Vmpls($"Allowed VMPL, 0 to 3 (repeatable).{looseness}");
    private readonly Option<uint?> _minReportVersion = Opt.Number("--min-report-version", 2, 5, $"Least report version, 2 to 5.{looseness}");
    private readonly Option<HexBytes?> _hostData = Opt.Hex("--host-data", 32, "Expected HOST_DATA");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_vmpls, _minReportVersion, _hostData])
        {
            command.Add(option);
        }
    }

    public ExpectationInput Read(ParseResult parsed) => new(
        parsed.GetValue(_vmpls) is { Count: > 0 } vmpls ? vmpls.ToHashSet() : null,
        parsed.GetValue(_minReportVersion),
        parsed.GetValue(_hostData));
}

/// <summary>What was expected; null states nothing.</summary>
internal sealed record ExpectationInput(IReadOnlySet<uint>? Vmpls, uint? MinReportVersion, HexBytes? HostData);
