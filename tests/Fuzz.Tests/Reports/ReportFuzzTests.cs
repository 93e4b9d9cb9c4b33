using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using Verifier.Fuzz.Tests.Rig;
using Verifier.TestKit;

namespace Verifier.Fuzz.Tests.Reports;

/// <summary>Mutants of good reports, some signed anew, are judged by all checks.</summary>
public sealed class ReportFuzzTests
{
    [Fact]
    [Trait("target", "reports")]
    public void OnlyWhatWasSigned_IsAccepted() => FuzzDriver.Run(new ReportTarget());

    [Fact]
    public void GoodReports_AreAccepted() =>
        Assert.All(new ReportTarget().Origins, origin => Assert.Equal("accepted", new ReportTarget().Try(origin, new Meter())));

    [Fact]
    public void FalseAccept_WouldBeSeen()
    {
        byte[] report = new ReportTarget().Origins[0];
        report[0x90] ^= 1;
        Assert.Throws<FalseAcceptException>(() => ReportTarget.Demand(report));
        byte[] debug = SimulatedGuests.All[0].WithReport(r => r with { Policy = 0xB0000 }).SignReport();
        Assert.Throws<FalseAcceptException>(() => ReportTarget.Demand(debug));
        ReportTarget.Demand(new ReportTarget().Origins[0]);
    }
}

/// <summary>Reports.</summary>
internal sealed class ReportTarget : FuzzTarget
{
    private static readonly ECDsa[] PublicKeys = [.. SimulatedGuests.Keys.Select(PublicKey)];

    public override string Name => "reports";

    public override int FewestKinds => 25;

    public override int MostBytes => 4096;

    // Signed by keys of this process.
    public override bool IsKept => false;

    public override IReadOnlyList<byte[]> Origins { get; } = [.. SimulatedGuests.All.Select(s => s.SignReport())];

    public override byte[] Mutate(Random random, byte[] input)
    {
        byte[] mutant = ReportMutator.Mutate(random, input, Origins);
        if (random.Next(10) == 0 && mutant.Length == ReportBuilder.Size)
        {
            SimulatedKey key = SimulatedGuests.Keys[random.Next(SimulatedGuests.Keys.Count)];
            ReportBuilder.WriteSignature(mutant, key.Sign(mutant[..ReportBuilder.SignedSize]));
        }

        return mutant;
    }

    public override string Try(byte[] input, Meter meter)
    {
        AttestationVerdict? verdict = Judging.Decide(input, input is [2, ..] ? SimulatedGuests.Milanese : SimulatedGuests.Bundle, SimulatedGuests.Roots, out EvidenceFault fault);
        if (verdict is null)
        {
            return Kind(fault.ToString());
        }

        if (!verdict.Accepted)
        {
            return Kind(Judging.FirstFailed(verdict));
        }

        meter.Aside(() =>
        {
            Demand(input);
            return 0;
        });
        return "accepted";
    }

    /// <summary>What must hold of an accepted report, found out by other means: OpenSSL's signature check, and fields read here.</summary>
    public static void Demand(byte[] report)
    {
        byte[] signature = new byte[96];
        report.AsSpan(0x2A0, 48).CopyTo(signature);
        report.AsSpan(0x2E8, 48).CopyTo(signature.AsSpan(48));
        signature.AsSpan(0, 48).Reverse();
        signature.AsSpan(48).Reverse();
        int signer = Array.FindIndex(PublicKeys, k => k.VerifyData(report.AsSpan(0, 0x2A0), signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        FalseAcceptException.Unless(signer >= 0, "no key has signed these bytes");
        SimulatedKey key = SimulatedGuests.Keys[signer];
        Scenario genuine = SimulatedGuests.All.First(s => s.Leaf == key);
        FalseAcceptException.Unless(BinaryPrimitives.ReadUInt32LittleEndian(report) is >= 2 and <= 5, "the version is unknown");
        FalseAcceptException.Unless((report[0x0A] & 0x08) == 0, "debugging is allowed");
        FalseAcceptException.Unless((report[0x0A] & 0x02) != 0, "the bit of the policy that must be one is not");
        FalseAcceptException.Unless(report.AsSpan(0x50, 64).SequenceEqual(ReportBuilder.DefaultReportData), "REPORT_DATA is another");
        FalseAcceptException.Unless(report.AsSpan(0x90, 48).SequenceEqual(ReportBuilder.DefaultMeasurement), "the measurement is another");
        FalseAcceptException.Unless(report.AsSpan(0x180, 8).SequenceEqual(genuine.Report.Build().AsSpan(0x180, 8)), "REPORTED_TCB is not the certificate's");

        // A VLEK names no chip, so that what it signs may name any.
        FalseAcceptException.Unless(key.Kind == KeyKind.Vlek || !report.AsSpan(0x1A0, 64).ContainsAnyExcept((byte)0) || report.AsSpan(0x1A0, 64).SequenceEqual(key.Chip.ChipId), "CHIP_ID is another's");
        FalseAcceptException.Unless(BinaryPrimitives.ReadUInt32LittleEndian(report.AsSpan(0x34)) == 1, "the algorithm is unknown");
        FalseAcceptException.Unless(!report.AsSpan(0x330).ContainsAnyExcept((byte)0) && !report.AsSpan(0x4C, 4).ContainsAnyExcept((byte)0), "reserved bytes are set");
    }

    private static ECDsa PublicKey(SimulatedKey key)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(key.Certificate);
        return certificate.GetECDsaPublicKey()!;
    }
}
