using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>Certificates for people.</summary>
internal static class CertificateText
{
    public static void Write(Page page, CertificateFileView view)
    {
        if (view.Chain is { } chain)
        {
            Chain(page, chain);
        }
        else
        {
            page.Line("UNVERIFIED: --chain FILE verifies a leaf up to AMD's root", Page.Caution).Line();
        }

        foreach (CertificateView certificate in view.Certificates)
        {
            page.Line($"{certificate.Role} of {certificate.Product}", Page.Heading)
                .Field("valid", $"{Times.Text(certificate.NotBefore)} to {Times.Text(certificate.NotAfter)}")
                .Field("serial", certificate.SerialNumber)
                .Field("sha256", certificate.Sha256)
                .Field("public key sha256", certificate.PublicKeySha256)
                .Field("tcb", certificate.Tcb?.ToString())
                .Field("hardware id", certificate.HardwareId)
                .Field("csp id", certificate.CspId);
        }

        foreach (RevocationListView list in view.RevocationLists)
        {
            page.Line($"Revocation list of {list.Product}", Page.Heading)
                .Field("number", list.Number)
                .Field("current", $"{Times.Text(list.ThisUpdate)} to {Times.Text(list.NextUpdate)}");
        }

        foreach (string fault in view.Faults)
        {
            page.Append("Refused  ", Page.Bad).Line(fault);
        }

        if (view.Certificates.Count + view.RevocationLists.Count + view.Faults.Count == 0)
        {
            page.Line("The file holds no certificate and no revocation list.", Page.Bad);
        }
    }

    private static void Chain(Page page, ChainView chain)
    {
        page.Append(chain.Holds ? "CHAIN HOLDS" : "CHAIN DOES NOT HOLD", chain.Holds ? Page.Good : Page.Bad).Line($"  at {Times.Text(chain.JudgeTime)}");
        foreach (CheckView check in chain.Checks.Where(c => c.Status == CheckView.Failed))
        {
            page.Append("  ").Line(check.Id, Page.Bad)
                .Field("expected", check.Expected, 4, 10)
                .Field("actual", check.Actual, 4, 10)
                .Field("why", check.Detail, 4, 10);
        }

        page.Line();
    }
}
