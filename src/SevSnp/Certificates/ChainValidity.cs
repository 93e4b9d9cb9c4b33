using System.Globalization;
using SevSnp.Checks;

namespace SevSnp.Certificates;

/// <summary>C12: all three links are valid at the time of judging, which is never a time taken from the report.</summary>
internal static class ChainValidity
{
    public static bool Holds(CertificateChain chain, DateTimeOffset at, ChainResults results)
    {
        foreach (AmdCertificate link in chain.Links)
        {
            if (!IsWithin(at, link.NotBefore, link.NotAfter))
            {
                return results.Fail(
                    CheckId.CertificatesAreInValidity,
                    $"{link.Role.Name()} valid at {Text(at)}",
                    $"valid from {Text(link.NotBefore)} to {Text(link.NotAfter)}",
                    at < link.NotBefore ? "not yet valid" : "expired");
            }
        }

        results.Pass(CheckId.CertificatesAreInValidity, $"until {Text(chain.Links.Min(l => l.NotAfter))}");
        return true;
    }

    /// <summary>Both edges included, with <see cref="ChainVerifier.ClockSkew"/> to either side. In ticks, because a date at the end of the calendar has no later one.</summary>
    public static bool IsWithin(DateTimeOffset at, DateTimeOffset from, DateTimeOffset to)
    {
        long skew = ChainVerifier.ClockSkew.Ticks;
        return at.UtcTicks >= from.UtcTicks - skew && at.UtcTicks <= to.UtcTicks + skew;
    }

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
