using System.Globalization;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Certificates;

/// <summary>A chip in a TCB: what one VCEK is issued for.</summary>
/// <param name="Product">Milan, Genoa or Turin.</param>
/// <param name="ChipId">CHIP_ID as in reports, 64 bytes; of Turin 8 bytes with zeros behind them.</param>
/// <param name="Tcb">REPORTED_TCB, in the product's layout.</param>
public sealed record InventoryChip(ProductLine Product, HexBytes ChipId, TcbVersion Tcb)
{
    /// <summary>The chip as a line of an inventory.</summary>
    /// <returns>Product, CHIP_ID in hexadecimal and TCB, with commas between them.</returns>
    public string ToLine() => $"{Product},{ChipInventory.HardwareId(this)},{ChipInventory.TcbWords(this)}";
}

/// <summary>
/// A list of chips as text: one line for each, <c>product,chip id,TCB</c>, the TCB in the words of AMD's key service
/// (<c>blSPL=4&amp;teeSPL=0&amp;snpSPL=24&amp;ucodeSPL=219</c>; of Turin with <c>fmcSPL</c> in front). Empty lines and lines that begin with <c>#</c> are passed over.
/// </summary>
public static class ChipInventory
{
    /// <summary>Most chips in one inventory.</summary>
    public const int MaxChips = 100_000;

    /// <summary>Longest inventory in bytes.</summary>
    public const int MaxSize = 32 * 1024 * 1024;

    private const int ChipIdSize = 64;
    private const int TurinIdSize = 8;
    private const int MostFaults = 20;

    private static readonly string[] LegacyWords = ["blSPL", "teeSPL", "snpSPL", "ucodeSPL"];
    private static readonly string[] TurinWords = ["fmcSPL", .. LegacyWords];

    /// <summary>Reads an inventory.</summary>
    /// <param name="text">The text; LF or CRLF line ends.</param>
    /// <param name="faults">What is wrong, each beginning with its line number; empty when nothing is. At most twenty are told.</param>
    /// <returns>The chips in their order, each once; whatever is right when there are faults.</returns>
    public static IReadOnlyList<InventoryChip> Parse(ReadOnlySpan<char> text, out IReadOnlyList<string> faults)
    {
        List<InventoryChip> chips = [];
        HashSet<InventoryChip> seen = [];
        List<string> wrong = [];
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = raw.Trim();
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            string? fault = Read(line, out InventoryChip? chip);
            if (fault is null && seen.Add(chip!))
            {
                chips.Add(chip!);
            }

            fault ??= chips.Count > MaxChips ? $"more than {MaxChips} chips" : null;
            if (fault is not null && wrong.Count < MostFaults)
            {
                wrong.Add(string.Create(CultureInfo.InvariantCulture, $"line {number}: {fault}"));
            }

            if (chips.Count > MaxChips)
            {
                break;
            }
        }

        faults = wrong;
        return chips;
    }

    internal static string HardwareId(InventoryChip chip) =>
        Convert.ToHexStringLower(chip.Product == ProductLine.Turin ? chip.ChipId.Span[..TurinIdSize] : chip.ChipId.Span);

    internal static string TcbWords(InventoryChip chip) =>
        $"{(chip.Product == ProductLine.Turin ? $"fmcSPL={chip.Tcb.Fmc}&" : "")}blSPL={chip.Tcb.BootLoader}&teeSPL={chip.Tcb.Tee}&snpSPL={chip.Tcb.Snp}&ucodeSPL={chip.Tcb.Microcode}";

    private static string? Read(ReadOnlySpan<char> line, out InventoryChip? chip)
    {
        chip = null;
        string[] parts = line.ToString().Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length != 3)
        {
            return "must be product,chip id,TCB";
        }

        ProductLine product = ProductLines.All.FirstOrDefault(p => p.ToString() == parts[0]);
        if (product == ProductLine.Unknown)
        {
            return "the product must be Milan, Genoa or Turin";
        }

        if (ReadId(parts[1], product) is not { } id)
        {
            return product == ProductLine.Turin
                ? "the chip id must be 16 hexadecimal digits, or 128 of which the last 112 are zero"
                : "the chip id must be 128 hexadecimal digits";
        }

        if (id.IsZero)
        {
            return "a chip id of zeros is a masked one, for which there is no VCEK";
        }

        if (ReadTcb(parts[2], product.TcbLayout()) is not { } tcb)
        {
            return $"the TCB must be {string.Join('&', Words(product.TcbLayout()).Select(w => w + "=N"))} with numbers from 0 to 255";
        }

        chip = new InventoryChip(product, id, tcb);
        return null;
    }

    private static HexBytes? ReadId(string text, ProductLine product)
    {
        if (product == ProductLine.Turin && HexBytes.TryParse(text, TurinIdSize, out HexBytes? shortened))
        {
            return new HexBytes([.. shortened.Span, .. new byte[ChipIdSize - TurinIdSize]]);
        }

        return HexBytes.TryParse(text, ChipIdSize, out HexBytes? id) && (product != ProductLine.Turin || !id.Span[TurinIdSize..].ContainsAnyExcept((byte)0)) ? id : null;
    }

    private static TcbVersion? ReadTcb(string text, TcbLayout layout)
    {
        string[] parts = text.Split('&');
        string[] words = Words(layout);
        if (parts.Length != words.Length)
        {
            return null;
        }

        byte[] values = new byte[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!parts[i].StartsWith(words[i] + "=", StringComparison.Ordinal)
                || !byte.TryParse(parts[i].AsSpan(words[i].Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out values[i]))
            {
                return null;
            }
        }

        return layout == TcbLayout.Turin
            ? new TcbVersion(layout, values[0], values[1], values[2], values[3], values[4])
            : new TcbVersion(layout, 0, values[0], values[1], values[2], values[3]);
    }

    private static string[] Words(TcbLayout layout) => layout == TcbLayout.Turin ? TurinWords : LegacyWords;
}
