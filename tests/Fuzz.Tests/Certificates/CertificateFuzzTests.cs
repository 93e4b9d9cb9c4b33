using System.Text;
using SevSnp.Certificates;
using SevSnp.Judgement;
using SevSnp.Launch;
using Verifier.Fuzz.Tests.Mutators;
using Verifier.Fuzz.Tests.Reports;
using Verifier.Fuzz.Tests.Rig;
using Verifier.TestKit;

namespace Verifier.Fuzz.Tests.Certificates;

/// <summary>Mutants of certificate chains, some signed anew by the simulated AMD, come with a good report.</summary>
public sealed class CertificateFuzzTests
{
    [Fact]
    [Trait("target", "certificates")]
    public void OnlyGenuineCertificates_AreAccepted() => FuzzDriver.Run(new CertificateTarget());

    [Fact]
    public void GoodChains_AreAccepted() =>
        Assert.All(new CertificateTarget().Origins.Take(4), origin => Assert.Equal("accepted", new CertificateTarget().Try(origin, new Meter())));

    [Fact]
    public void FalseAccept_WouldBeSeen()
    {
        // Signed by the simulated AMD, but for another TCB and for another chip.
        Scenario genuine = SimulatedGuests.All[0];
        SimulatedKey[] others = [genuine.Leaf.With(r => r.WithValue(Oids.SnpSpl, Der.Number(25))), genuine.Leaf.With(r => r.WithValue(Oids.HwId, new byte[64])), VirtualAmd.Milan.Vcek()];
        Assert.All(others, other =>
        {
            Scenario changed = genuine with { Leaf = other, Report = ReportBuilder.For(other).WithTcb(other.Tcb) };
            EndorsementKey key = Verified(changed);
            Assert.Throws<FalseAcceptException>(() => CertificateOracle.Demand(key, genuine));
        });
        CertificateOracle.Demand(Verified(genuine), genuine);
    }

    private static EndorsementKey Verified(Scenario scenario) => scenario.Authenticate().Endorsement!;
}

/// <summary>Certificates, in DER and PEM.</summary>
internal sealed class CertificateTarget : FuzzTarget
{
    private static readonly Scenario[] Guests = [SimulatedGuests.All[0], SimulatedGuests.All[3]];
    private static readonly byte[][] Reports = [.. Guests.Select(g => g.SignReport())];

    // What AMD's certificates have not, for mutants to borrow from.
    private static readonly byte[][] Donors =
    [
        .. Guests.SelectMany(g => g.Certificates),
        SimulatedGuests.All[4].Leaf.Certificate,
        .. new ExtensionRecipe[] { new(Oids.NameConstraints, Der.Sequence(), true), new(Oids.ExtendedKeyUsage, Der.Sequence(Der.Oid(Oids.P384)), true), new("1.2.3.4", Der.Null(), true) }
            .Select(e => Der.Sequence(Der.Oid(e.Oid), Der.True(), Der.OctetString(e.Value))),
    ];

    // As in the service: what verified before is found parsed, and its signatures are not computed again.
    private static readonly VerifiedCertificates Known = Genuine();

    public override string Name => "certificates";

    public override int FewestKinds => 40;

    // The first report of a key that was never seen before costs 1.05 MiB, nearly all of it in BouncyCastle's arithmetic.
    public override long MostAllocated => 5 << 18;

    public override bool IsKept => false;

    public override IReadOnlyList<byte[]> Origins { get; } =
    [
        .. Guests.Select(g => ChainInput.Join(g.Certificates)),
        .. Guests.Select(ChainInput.Pem),
    ];

    public override byte[] Mutate(Random random, byte[] input)
    {
        if (input is [(byte)'-', ..])
        {
            return TextMutator.Mutate(random, input, Donors);
        }

        List<byte[]> parts = ChainInput.Split(input).ConvertAll(p => p.ToArray());
        if (parts.Count == 0)
        {
            return Donors[random.Next(Donors.Length)];
        }

        if (random.Next(10) == 0)
        {
            (int one, int other) = (random.Next(parts.Count), random.Next(parts.Count));
            (parts[one], parts[other]) = (parts[other], random.Next(2) == 0 ? parts[one] : Donors[random.Next(Donors.Length)]);
        }
        else
        {
            int at = random.Next(parts.Count);
            byte[] changed = DerMutator.Mutate(random, parts[at], Donors);
            parts[at] = random.Next(12) == 0 ? SignAgain(changed, random) : changed;
        }

        return ChainInput.Join(parts);
    }

    public override string Try(byte[] input, Meter meter)
    {
        CertificateBundle bundle = ChainInput.ToBundle(input, Known);
        int guest = bundle.Find(CertificateRole.Vlek) is null ? 0 : 1;
        AttestationVerdict verdict = Judging.Decide(Reports[guest], bundle, Guests[guest].Roots, out _)!;
        if (!verdict.Accepted)
        {
            return Kind(bundle.Faults.Count > 0 ? bundle.Faults[0].ToString() : Judging.FirstFailed(verdict));
        }

        meter.Aside(() =>
        {
            CertificateOracle.Demand(verdict.Endorsement!, Guests[guest]);
            return 0;
        });
        return "accepted";
    }

    private static VerifiedCertificates Genuine()
    {
        VerifiedCertificates known = new(64);
        foreach (Scenario guest in Guests)
        {
            known.Keep(guest.Authenticate().Endorsement!, guest.Bundle);
        }

        return known;
    }

    // By whoever signs certificates of this kind, or by another.
    private static byte[] SignAgain(byte[] der, Random random)
    {
        if (DerNode.Read(der) is not [{ Children: [var signedPart, _, { } signature, ..] }] roots)
        {
            return der;
        }

        VirtualAmd amd = VirtualAmd.Milan;
        byte[] part = signedPart.Encode();
        CertificateAuthority signer = random.Next(8) == 0 ? amd.Asvk : part.AsSpan().IndexOf(Encoding.ASCII.GetBytes("SEV-VLEK")) > 0 ? amd.IssuerOf(KeyKind.Vlek)
            : part.AsSpan().IndexOf(Encoding.ASCII.GetBytes("SEV-VCEK")) > 0 ? amd.Ask : amd.Ark;
        (signature.Tag, signature.Content, signature.Children) = (0x03, [0, .. signer.Sign(part)], null);
        return DerNode.Encode(roots);
    }
}
