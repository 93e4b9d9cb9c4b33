using System.Text;
using System.Text.Json;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using Verifier.TestKit;
using Verifier.TestKit.Igvm;

namespace Verifier.SampleMaker;

/// <summary>
/// One simulated Milan host with one guest, launched from a small IGVM file, valid from 2020 to 2070: file, reports, certificates and a
/// revocation list. The private keys exist only while this runs.
/// </summary>
public static class SampleSet
{
    // Debugging allowed, all else as in the good guest's policy.
    private const ulong DebugPolicy = 0xB0000;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        IndentSize = 2,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Makes the whole set with new keys.</summary>
    /// <returns>File names and contents.</returns>
    public static IEnumerable<(string Name, byte[] Content)> Make()
    {
        Validity validity = Validity.Years(2020, 2070);
        VirtualAmd amd = VirtualAmd.Create(ProductLine.Milan, validity);
        SimulatedKey vcek = amd.Vcek(SimulatedChip.Named(ProductLine.Milan, "sample"));
        byte[] file = SampleIgvm.Build();
        ReportBuilder good = ReportBuilder.For(vcek) with { Measurement = Digest(file, new IgvmLaunch()) };
        ReportBuilder other = good with { Measurement = Digest(file, new IgvmLaunch { ZeroPages = ZeroPages.Native }) };
        return
        [
            ("sample.igvm", file),
            ("report.bin", good.Sign(vcek)),
            ("report-debug.bin", (good with { Policy = DebugPolicy }).Sign(vcek)),
            ("report-other-launch.bin", other.Sign(vcek)),
            ("vcek.der", vcek.Certificate),
            ("chain.pem", Encoding.ASCII.GetBytes(amd.ChainPem(KeyKind.Vcek))),
            ("root.pem", Encoding.ASCII.GetBytes(Pem.Certificates(amd.Ark.Certificate))),
            ("crl.der", amd.RevocationList().Mint()),
            ("sample.json", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Describe(good, validity), Json) + "\n")),
        ];
    }

    private static byte[] Digest(byte[] file, IgvmLaunch launch)
    {
        if (!IgvmReader.TryRead(file, IgvmReadOptions.Default, out IgvmFile? read, out IgvmFault fault))
        {
            throw new InvalidOperationException(fault.ToString());
        }

        return IgvmMeasurer.TryMeasure(read, launch, out IgvmMeasurement? measured, out IgvmMeasureFault unmeasured)
            ? measured.Digest.ToArray()
            : throw new InvalidOperationException(unmeasured.ToString());
    }

    private static object Describe(ReportBuilder good, Validity validity) => new
    {
        Simulation = true,
        Note = "No AMD key made any of this. Nobody should trust root.pem outside a demonstration.",
        Product = "Milan",
        ReportVersion = good.Version,
        ValidFrom = validity.NotBefore,
        ValidUntil = validity.NotAfter,
        Image = "coconut-svsm",
        ImageVersion = "2026.11",
        Kind = LaunchKind.SvsmIgvm.WireName(),
        Measurement = Convert.ToHexStringLower(good.Measurement),
        ReportData = Convert.ToHexStringLower(good.ReportData),
        good.Vmpl,
        GuestPolicy = $"0x{good.Policy:x}",
        Files = new Dictionary<string, string>
        {
            ["sample.igvm"] = "the IGVM file that the guest is launched from; its launch measurement is the one above",
            ["report.bin"] = "attestation report of a good guest; report_data is the nonce that the relying party chose",
            ["report-debug.bin"] = $"the same guest with a guest policy that lets the host debug it (0x{DebugPolicy:x}), rightly signed",
            ["report-other-launch.bin"] = "a guest from the same file whose host launched its empty pages as native zero pages, rightly signed",
            ["vcek.der"] = "leaf certificate of the chip and TCB in all reports",
            ["chain.pem"] = "intermediate (ASK) and root (ARK) of the simulated AMD",
            ["root.pem"] = "the root alone, for Trust:UnsafeExtraRoots or --unsafe-extra-root",
            ["crl.der"] = "revocation list of the root; names nothing",
        },
    };
}
