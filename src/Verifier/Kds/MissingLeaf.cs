using SevSnp.Launch;
using SevSnp.Reports;

namespace Verifier.Service.Kds;

/// <summary>What can be said of a leaf that did not come with the evidence: what to ask for, or why asking is no use.</summary>
internal static class MissingLeaf
{
    public const string NotIssued =
        $"{KdsReasons.NoSuchCertificate}: AMD's key service has no VCEK for this CHIP_ID and REPORTED_TCB";

    private const int TurinIdSize = 8;

    /// <returns>The reason, in the words of the failed check; or null, and what to ask for.</returns>
    public static string? ReasonNotToAsk(AttestationReport report, ProductLine product, out KdsItem? item)
    {
        item = null;
        if (report.SigningKey == KeyKind.Vlek)
        {
            return "a VLEK cannot be fetched, since AMD gives it to cloud providers only; it must come with the report";
        }

        if (report.Cpu is null)
        {
            return "a report of version 2 does not name its product line, so the VCEK cannot be asked for; it must come with the report";
        }

        if (product == ProductLine.Unknown)
        {
            return "the product line of this CPU is not known, so the VCEK cannot be asked for";
        }

        if (report.ChipId.IsZero)
        {
            return "CHIP_ID is masked, so the VCEK cannot be asked for; it must come with the report";
        }

        if (product == ProductLine.Turin && report.ChipId.Span[TurinIdSize..].ContainsAnyExcept((byte)0))
        {
            return "a CHIP_ID of Turin has 8 bytes with zeros behind them; this one has more, and no VCEK can match it";
        }

        if (!report.TryDecodeTcbs(product.TcbLayout(), out TcbVersions tcbs, out _))
        {
            return "REPORTED_TCB cannot be read in the layout of its product";
        }

        item = KdsItem.Vcek(product, report.ChipId, tcbs.Reported);
        return null;
    }
}
