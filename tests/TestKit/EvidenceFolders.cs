using System.Globalization;
using System.Text;
using SevSnp.Launch;

namespace Verifier.TestKit;

/// <summary>Simulated guests of many chips as files, a folder for each, as <c>verifierctl bench --evidence</c> reads them.</summary>
public static class EvidenceFolders
{
    /// <summary>Writes guests that all have the same launch measurement.</summary>
    /// <param name="amd">Who issues their certificates.</param>
    /// <param name="folder">Where they go; it is made.</param>
    /// <param name="count">How many chips.</param>
    /// <param name="prefix">Begins the names of chips: another one gives other chips.</param>
    /// <param name="withCertificates">False leaves all but the reports out, so that a service asks its key service.</param>
    /// <returns>The launch measurement.</returns>
    public static byte[] Write(VirtualAmd amd, string folder, int count, string prefix, bool withCertificates = true)
    {
        ArgumentNullException.ThrowIfNull(amd);
        byte[] measurement = [.. Enumerable.Repeat((byte)0x5a, 48)];
        byte[] chain = Encoding.ASCII.GetBytes(amd.ChainPem(KeyKind.Vcek)), list = amd.RevocationList().Mint();
        for (int i = 0; i < count; i++)
        {
            string chip = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i:d5}");
            SimulatedKey key = amd.Vcek(SimulatedChip.Named(amd.Product, chip));
            string here = Path.Combine(folder, chip);
            Directory.CreateDirectory(here);
            File.WriteAllBytes(Path.Combine(here, "report.bin"), (ReportBuilder.For(key) with { Measurement = measurement }).Sign(key));
            if (withCertificates)
            {
                File.WriteAllBytes(Path.Combine(here, "vcek.der"), key.Certificate);
                File.WriteAllBytes(Path.Combine(here, "chain.pem"), chain);
                File.WriteAllBytes(Path.Combine(here, "crl.der"), list);
            }
        }

        return measurement;
    }
}
