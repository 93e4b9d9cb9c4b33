using System.Text;
using System.Text.Json;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Reports;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

public sealed class SampleFilesTests
{
    private static readonly string[] Names =
        ["README.md", "chain.pem", "crl.der", "report-debug.bin", "report-other-launch.bin", "report.bin", "root.pem", "sample.igvm", "sample.json", "vcek.der"];

    [Fact]
    public void Folder_HoldsExactlyTheSet() =>
        Assert.Equal(Names, Directory.GetFiles(RepositoryRoot.Combine("samples")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void NoFile_HoldsAPrivateKey()
    {
        // The name in PEM; version 0 before an RSA key (PKCS #8, PKCS #1); version 1 before an EC key (SEC 1).
        byte[][] marks =
        [
            Encoding.ASCII.GetBytes("PRIVATE KEY"),
            [0x02, 0x01, 0x00, 0x30, 0x0D, 0x06, 0x09],
            [0x02, 0x01, 0x00, 0x02, 0x82],
            [0x02, 0x01, 0x01, 0x04, 0x30],
        ];
        foreach (byte[] content in Names.SelectMany(Contents))
        {
            Assert.All(marks, mark => Assert.Equal(-1, content.AsSpan().IndexOf(mark)));
        }
    }

    [Fact]
    public void Description_AgreesWithTheReport()
    {
        using JsonDocument json = JsonDocument.Parse(Samples.Read("sample.json"));
        JsonElement sample = json.RootElement;
        AttestationReport report = Parse("report.bin");

        Assert.True(sample.GetProperty("simulation").GetBoolean());
        Assert.Equal(report.Measurement.ToString(), sample.GetProperty("measurement").GetString());
        Assert.Equal(report.ReportData.ToString(), sample.GetProperty("report_data").GetString());
        Assert.Equal(report.Vmpl, sample.GetProperty("vmpl").GetUInt32());
        Assert.Equal(report.Version, sample.GetProperty("report_version").GetUInt32());
        Assert.Equal(report.CpuProduct.ToString(), sample.GetProperty("product").GetString());
        Assert.Equal(report.Policy.ToString(), sample.GetProperty("guest_policy").GetString());
        Assert.Equal(
            Names.Where(n => n is not ("README.md" or "sample.json")),
            sample.GetProperty("files").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void DebugReport_DiffersInTheGuestPolicyOnly()
    {
        AttestationReport good = Parse("report.bin");
        AttestationReport debug = Parse("report-debug.bin");

        Assert.False(good.Policy.Has(GuestPolicyBits.Debug));
        Assert.Equal(good.Policy.Raw | (ulong)GuestPolicyBits.Debug, debug.Policy.Raw);
        byte[] signed = good.SignedBytes.ToArray();
        signed[0x00A] ^= 0x08;
        Assert.Equal(signed, debug.SignedBytes.ToArray());
    }

    private static AttestationReport Parse(string name)
    {
        Assert.True(AttestationReport.TryParse(Samples.Read(name), out AttestationReport? report, out EvidenceFault fault), fault.ToString());
        return report;
    }

    // A PEM file once as it lies there and once decoded.
    private static IEnumerable<byte[]> Contents(string name)
    {
        byte[] content = Samples.Read(name);
        yield return content;
        foreach (string block in Encoding.Latin1.GetString(content).Split("-----BEGIN CERTIFICATE-----").Skip(1))
        {
            yield return Convert.FromBase64String(block[..block.IndexOf('-', StringComparison.Ordinal)]);
        }
    }
}
