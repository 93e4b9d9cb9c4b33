using System.Globalization;
using SevSnp.Launch;

namespace SevSnp.Policies.Documents;

/// <summary>TCB floors, CPUs and firmware versions.</summary>
internal static class FloorReader
{
    private const int MostFloors = 32;
    private const uint MostSvn = byte.MaxValue;

    public static IReadOnlyList<TcbFloor> Floors(DocumentNode node)
    {
        List<TcbFloor> floors = [];
        foreach (DocumentNode item in node.Items(1, MostFloors) ?? [])
        {
            if (Floor(item) is not { } floor)
            {
                continue;
            }

            if (floors.Any(f => f.Product == floor.Product && f.Cpu == floor.Cpu))
            {
                item.Fail<TcbFloor>("there is another floor for the same product line and CPU");
            }

            floors.Add(floor);
        }

        return floors;
    }

    public static FirmwareVersion? Firmware(DocumentNode node) => Numbers(node, 3, NumberStyles.None, '.') is [var major, var minor, var build]
        ? new FirmwareVersion(major, minor, build)
        : node.Fail<FirmwareVersion?>("must be a version such as 1.55.40, each number 0 to 255");

    public static (byte Major, byte Minor)? Abi(DocumentNode node) => Numbers(node, 2, NumberStyles.None, '.') is [var major, var minor]
        ? (major, minor)
        : node.Fail<(byte, byte)?>("must be a version such as \"1.55\", each number 0 to 255");

    private static TcbFloor? Floor(DocumentNode node)
    {
        IReadOnlyDictionary<string, DocumentNode> members = node.Members("product", "cpu", "reported", "committed", "launch");
        if (!members.TryGetValue("product", out DocumentNode stated))
        {
            return node.Fail<TcbFloor>("must state its product");
        }

        if (Words<ProductLine>.Read(stated) is not { } product)
        {
            return null;
        }

        TcbFloor floor = new(product, members.TryGetValue("cpu", out DocumentNode cpu) ? Cpu(cpu, product) : null, Tcb("reported"), Tcb("committed"), Tcb("launch"));
        return (floor.Reported ?? floor.Committed ?? floor.Launch) is null
            ? node.Fail<TcbFloor>("must state at least one of reported, committed and launch")
            : floor;

        TcbVersion? Tcb(string name) => members.TryGetValue(name, out DocumentNode part) ? Version(part, product.TcbLayout()) : null;
    }

    public static TcbVersion Version(DocumentNode node, TcbLayout layout)
    {
        IReadOnlyDictionary<string, DocumentNode> members = layout == TcbLayout.Turin
            ? node.Members("fmc", "boot_loader", "tee", "snp", "microcode")
            : node.Members("boot_loader", "tee", "snp", "microcode");
        if (members.Count == 0)
        {
            node.Fail<TcbVersion>("must state at least one component");
        }

        return new TcbVersion(layout, Svn("fmc"), Svn("boot_loader"), Svn("tee"), Svn("snp"), Svn("microcode"));

        byte Svn(string name) => members.TryGetValue(name, out DocumentNode part) ? (byte)(part.Number(0, MostSvn) ?? 0) : (byte)0;
    }

    public static CpuSignature? Cpu(DocumentNode node, ProductLine product)
    {
        if (Numbers(node, 3, NumberStyles.AllowHexSpecifier, '/') is not [var family, var model, var stepping])
        {
            return node.Fail<CpuSignature?>("must be family, model and stepping in hexadecimal, such as 19/01/1");
        }

        CpuSignature cpu = new(family, model, stepping);
        return ProductLines.FromCpu(cpu) == product ? cpu : node.Fail<CpuSignature?>($"is no CPU of {product}");
    }

    private static byte[]? Numbers(DocumentNode node, int count, NumberStyles style, char separator)
    {
        string[] parts = node.Value.ValueKind == System.Text.Json.JsonValueKind.String ? node.Value.GetString()!.Split(separator) : [];
        List<byte> numbers = [];
        foreach (string part in parts)
        {
            if (part.Length is >= 1 and <= 3 && byte.TryParse(part, style, CultureInfo.InvariantCulture, out byte number))
            {
                numbers.Add(number);
            }
        }

        return parts.Length == count && numbers.Count == count ? [.. numbers] : null;
    }
}
