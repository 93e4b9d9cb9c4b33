using System.Globalization;
using SevSnp.Firmware;

namespace Verifier.Client.Options;

/// <summary>Numbers of vCPUs, from the fewest to the most.</summary>
internal readonly record struct VcpuRange(int Fewest, int Most)
{
    /// <summary>One number, or two with a hyphen between them.</summary>
    public static bool TryParse(string text, out VcpuRange range)
    {
        string[] parts = text.Split('-');
        bool holds = TryNumber(parts[0], out int fewest) & TryNumber(parts[^1], out int most) && parts.Length <= 2 && fewest <= most;
        range = holds ? new VcpuRange(fewest, most) : default;
        return holds;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= FirmwareLimits.MaxVcpus;
}
