using SevSnp.Launch;
using SevSnp.Verification;

namespace SevSnp.Policies;

/// <summary>TCB floors (C36, C37, C39).</summary>
internal static class TcbFloorRules
{
    public static Finding? Reported(VerifiedReport report, Constraints stated) => Find(report, stated, report.Tcbs.Reported, floor => floor.Reported);

    public static Finding? Committed(VerifiedReport report, Constraints stated) => Find(report, stated, report.Tcbs.Committed, floor => floor.Committed);

    public static Finding? Launch(VerifiedReport report, Constraints stated) => Find(report, stated, report.Tcbs.Launch, floor => floor.Launch);

    private static Finding? Find(VerifiedReport report, Constraints stated, TcbVersion actual, Func<TcbFloor, TcbVersion?> part)
    {
        if (stated.TcbFloors.Count == 0)
        {
            return null;
        }

        CpuSignature? cpu = report.Report.Cpu;
        TcbFloor[] fitting = [.. stated.TcbFloors.Where(floor => floor.Product == report.Product && (cpu is null || floor.Cpu is null || floor.Cpu == cpu))];
        if (fitting.Length == 0)
        {
            return new(false, $"a floor for {report.Product}{(cpu is { } c ? $" {c}" : "")}", actual.ToString(), "floors are stated, but none for this product line and CPU");
        }

        TcbVersion[] floors = MostSpecific(fitting, cpu, part);
        return floors.Length == 0
            ? null
            : new(floors.All(actual.IsAtLeast), string.Join(" and ", floors.Select(f => $"at least {f}")), actual.ToString(), Why(floors, actual));
    }

    // The most specific floor that states this part holds. A report of version 2 does not name its CPU, so that every floor of its
    // product line must hold.
    private static TcbVersion[] MostSpecific(TcbFloor[] fitting, CpuSignature? cpu, Func<TcbFloor, TcbVersion?> part)
    {
        TcbVersion[] ofCpu = [.. fitting.Where(floor => floor.Cpu == cpu).Select(part).OfType<TcbVersion>()];
        return cpu is not null && ofCpu.Length > 0 ? ofCpu : [.. fitting.Where(floor => cpu is null || floor.Cpu is null).Select(part).OfType<TcbVersion>()];
    }

    private static string? Why(TcbVersion[] floors, TcbVersion actual)
    {
        if (floors.Any(floor => floor.Layout != actual.Layout))
        {
            return "the floor is written for the TCB layout of another product line";
        }

        List<string> below = [];
        foreach (TcbVersion floor in floors)
        {
            Below("fmc", actual.Fmc, floor.Fmc);
            Below("bl", actual.BootLoader, floor.BootLoader);
            Below("tee", actual.Tee, floor.Tee);
            Below("snp", actual.Snp, floor.Snp);
            Below("ucode", actual.Microcode, floor.Microcode);
        }

        return BitNames.Join(below);

        void Below(string component, byte value, byte least)
        {
            if (value < least)
            {
                below.Add($"{component} {value} is below {least}");
            }
        }
    }
}
