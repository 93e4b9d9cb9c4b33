using System.Text.Json;
using SevSnp.Certificates;
using SevSnp.Primitives;

namespace Verifier.Service.Health;

/// <summary>The simulated evidence that is built into the service: the files of <c>samples/</c>.</summary>
internal sealed record SelfTestEvidence(
    byte[] Report, byte[] DebugReport, CertificateBundle Certificates, AmdCertificate Root, Digest384 Measurement, byte[] ReportData, DateTimeOffset At)
{
    /// <exception cref="InvalidDataException">The service was built from damaged files.</exception>
    public static SelfTestEvidence Load()
    {
        using JsonDocument sample = JsonDocument.Parse(Read("sample.json"));
        CertificateBundle chain = CertificateBundle.FromPem(System.Text.Encoding.ASCII.GetString(Read("chain.pem")));
        AmdCertificate root = CertificateBundle.FromPem(System.Text.Encoding.ASCII.GetString(Read("root.pem"))).Find(CertificateRole.Ark)
            ?? throw new InvalidDataException("root.pem holds no root.");
        string measurement = sample.RootElement.GetProperty("measurement").GetString()!;
        return new SelfTestEvidence(
            Read("report.bin"),
            Read("report-debug.bin"),
            chain.With(CertificateBundle.FromDer([Read("vcek.der")])).WithRevocationLists([Read("crl.der")]),
            root,
            Digest384.TryParse(measurement, out Digest384 digest) ? digest : throw new InvalidDataException("sample.json holds no measurement."),
            Convert.FromHexString(sample.RootElement.GetProperty("report_data").GetString()!),
            sample.RootElement.GetProperty("valid_from").GetDateTimeOffset().AddYears(1));
    }

    private static byte[] Read(string name)
    {
        using Stream stream = typeof(SelfTestEvidence).Assembly.GetManifestResourceStream($"selftest/{name}") ?? throw new InvalidDataException($"{name} is not built in.");
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
