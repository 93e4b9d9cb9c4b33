using SevSnp.Launch;
using SevSnp.Primitives;
using SevSnp.Verification;

namespace SevSnp.Policies;

/// <summary>Constraints on whose machine it is: provider, product line, chip, kind of key (C42, C43, C47).</summary>
internal static class ChipRules
{
    // Compared as exact text whatever comparer the given set has.
    public static Finding? CspId(VerifiedReport report, Constraints stated)
    {
        if (report.Endorsement.Kind != KeyKind.Vlek || stated.CspIds is not { } allowed)
        {
            return null;
        }

        string? cspId = report.Endorsement.Content.CspId;
        bool isAllowed = cspId is not null && allowed.Any(csp => string.Equals(csp, cspId, StringComparison.Ordinal));
        string expected = allowed.Count == 0 ? "no VLEK: no provider is named" : string.Join(" or ", allowed.Order(StringComparer.Ordinal).Select(csp => $"'{csp}'"));
        return new(isAllowed, expected, $"'{cspId}'");
    }

    public static Finding? SigningKey(VerifiedReport report, Constraints stated)
    {
        if (stated.SigningKeys is not { } allowed)
        {
            return null;
        }

        string expected = allowed.Count == 0 ? "no kind of key is allowed" : string.Join(" or ", allowed.Order().Select(Name));
        return new(allowed.Contains(report.Endorsement.Kind), expected, Name(report.Endorsement.Kind));
    }

    public static Finding? ProductAndChip(VerifiedReport report, Constraints stated)
    {
        if (stated is { Products: null, AllowedChips: null, DeniedChips: null })
        {
            return null;
        }

        HexBytes chip = report.Report.ChipId;
        List<string> why = [];
        List<string> expected = [];
        if (stated.Products is { } products)
        {
            expected.Add(products.Count == 0 ? "no product line is allowed" : string.Join(" or ", products.Order()));
            Demand(products.Contains(report.Product), "the product line is not allowed");
        }

        if (stated.AllowedChips is { } allowed)
        {
            expected.Add($"one of {allowed.Count} allowed chips");
            Demand(!chip.IsZero && allowed.Any(id => IsSame(id, chip)), chip.IsZero ? "CHIP_ID is masked: it cannot be told to be an allowed one" : "the chip is not on the allow-list");
        }

        if (stated.DeniedChips is { Count: > 0 } denied)
        {
            expected.Add($"none of {denied.Count} denied chips");
            Demand(!chip.IsZero, "CHIP_ID is masked: it may be a denied one");
            Demand(!denied.Any(id => IsSame(id, chip)), "the chip is on the deny-list");
        }

        return new(why.Count == 0, string.Join(", ", expected), $"{report.Product}, CHIP_ID {(chip.IsZero ? "masked" : chip)}", BitNames.Join(why));

        void Demand(bool holds, string otherwise)
        {
            if (!holds)
            {
                why.Add(otherwise);
            }
        }
    }

    private static string Name(KeyKind kind) => kind.ToString().ToUpperInvariant();

    // Turin's ids have 8 bytes, which a list may hold with or without the zeros that CHIP_ID has behind them.
    internal static bool IsSame(HexBytes listed, HexBytes chip) =>
        listed.Length > 0
        && listed.Length <= chip.Length
        && chip.Span.StartsWith(listed.Span)
        && !chip.Span[listed.Length..].ContainsAnyExcept((byte)0);
}
