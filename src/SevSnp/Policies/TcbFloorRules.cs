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
        List<TcbFloor> fitting = [];
        foreach (TcbFloor floor in stated.TcbFloors)
        {
            if (floor.Product == report.Product && (cpu is null || floor.Cpu is null || floor.Cpu == cpu))
            {
                fitting.Add(floor);
            }
        }

        if (fitting.Count == 0)
        {
            return new(false, $"a floor for {report.Product}{(cpu is { } c ? $" {c}" : "")}", actual.ToString(), "floors are stated, but none for this product line and CPU");
        }

        List<TcbVersion> floors = MostSpecific(fitting, cpu, part);
        if (floors.Count == 0)
        {
            return null;
        }

        bool isMet = floors.TrueForAll(actual.IsAtLeast);
        return new(isMet, string.Join(" and ", floors.ConvertAll(f => $"at least {f}")), actual.ToString(), isMet ? null : Why(floors, actual));
    }

    // The most specific floor that states this part holds. A report of version 2 does not name its CPU, so that every floor of its
    // product line must hold.
    private static List<TcbVersion> MostSpecific(List<TcbFloor> fitting, CpuSignature? cpu, Func<TcbFloor, TcbVersion?> part)
    {
        List<TcbVersion> ofCpu = [], ofAny = [];
        foreach (TcbFloor floor in fitting)
        {
            if (part(floor) is { } least)
            {
                (cpu is not null && floor.Cpu == cpu ? ofCpu : ofAny).Add(least);
            }
        }

        return ofCpu.Count > 0 ? ofCpu : ofAny;
    }

    private static string? Why(List<TcbVersion> floors, TcbVersion actual)
    {
        if (floors.Exists(floor => floor.Layout != actual.Layout))
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
