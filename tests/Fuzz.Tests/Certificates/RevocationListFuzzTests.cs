using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.X509;
using SevSnp.Certificates;
using SevSnp.Judgement;
using Verifier.Fuzz.Tests.Mutators;
using Verifier.Fuzz.Tests.Reports;
using Verifier.Fuzz.Tests.Rig;
using Verifier.TestKit;

namespace Verifier.Fuzz.Tests.Certificates;

/// <summary>Mutants of revocation lists, some signed anew by the simulated AMD: no change of a list makes a revocation go unnoticed.</summary>
public sealed class RevocationListFuzzTests
{
    [Fact]
    [Trait("target", "revocation-lists")]
    public void Revocations_AreNotLost() => FuzzDriver.Run(new RevocationListTarget());

    [Fact]
    public void GoodLists_AreTaken() => Assert.Equal("NotRevoked", new RevocationListTarget().Try(new RevocationListTarget().Origins[0], new Meter()));

    [Fact]
    public void ListOfTheIntermediate_Refuses() => Assert.StartsWith("CERTIFICATES_ARE_NOT_REVOKED", new RevocationListTarget().Try(new RevocationListTarget().Origins[1], new Meter()), StringComparison.Ordinal);

    [Fact]
    public void FalseAccept_WouldBeSeen()
    {
        Assert.Throws<FalseAcceptException>(() => RevocationListTarget.Demand(new RevocationListTarget().Origins[1]));
        byte[] unsigned = new RevocationListTarget().Origins[0];
        unsigned[^1] ^= 1;
        Assert.Throws<FalseAcceptException>(() => RevocationListTarget.Demand(unsigned));
        RevocationListTarget.Demand(new RevocationListTarget().Origins[0]);
    }
}

/// <summary>Revocation lists.</summary>
internal sealed class RevocationListTarget : FuzzTarget
{
    private static readonly Scenario Guest = SimulatedGuests.All[0];
    private static readonly byte[] Report = Guest.SignReport();
    private static readonly RevocationListRecipe Empty = Guest.Amd.RevocationList();
    private static readonly byte[] Revoking = (Empty with { Revoked = [Guest.Amd.Ask.Recipe.Serial] }).Mint();

    // Parsed once: what was found signed is remembered, as in the service.
    private static readonly CertificateBundle Certificates = Guest.Bundle;
    private static readonly CertificateBundle WithRevoking = Certificates.WithRevocationLists([Revoking]);

    public override string Name => "revocation-lists";

    public override int FewestKinds => 25;

    public override bool IsKept => false;

    public override IReadOnlyList<byte[]> Origins { get; } =
    [
        Empty.Mint(),
        Revoking,
        (Empty with { Revoked = [Guest.Amd.Ark.Recipe.Serial, Guest.Amd.Asvk.Recipe.Serial, Der.Number(7)] }).Mint(),
        (Empty with { Revoked = [.. Enumerable.Range(1000, 40).Select(n => Der.Number(n)), Guest.Amd.Ask.Recipe.Serial] }).WithNumber(7).Mint(),
        (Empty with { NextUpdate = VirtualAmd.Now.AddDays(-1) }).Mint(),
        (Empty with { Extensions = [.. Empty.Extensions, new(Oids.DeltaCrlIndicator, Der.Number(1), true), new(Oids.IssuingDistributionPoint, Der.Sequence(), true)] }).Mint(),
    ];

    public override byte[] Mutate(Random random, byte[] input)
    {
        byte[] mutant = DerMutator.Mutate(random, input, Origins);
        if (random.Next(12) != 0 || DerNode.Read(mutant) is not [{ Children: [var signedPart, _, { } signature, ..] }] roots)
        {
            return mutant;
        }

        CertificateAuthority signer = random.Next(6) == 0 ? Guest.Amd.Ask : Guest.Amd.Ark;
        (signature.Tag, signature.Content, signature.Children) = (0x03, [0, .. signer.Sign(signedPart.Encode())], null);
        return DerNode.Encode(roots);
    }

    public override string Try(byte[] input, Meter meter)
    {
        CertificateBundle bundle = Certificates.WithRevocationLists([input]);
        AttestationVerdict verdict = Judging.Decide(Report, bundle, Guest.Roots, out _)!;
        meter.Aside(() =>
        {
            // Beside a list that revokes, none helps.
            AttestationVerdict revoked = Judging.Decide(Report, WithRevoking.WithRevocationLists([input]), Guest.Roots, out _)!;
            return revoked.Accepted ? throw new FalseAcceptException("a revocation on another list was lost") : 0;
        });
        if (!verdict.Accepted)
        {
            return Kind(bundle.Faults.Count > 0 ? bundle.Faults[0].ToString() : Judging.FirstFailed(verdict));
        }

        if (verdict.Endorsement!.Revocation == RevocationStatus.NotRevoked)
        {
            meter.Aside(() =>
            {
                Demand(input);
                return 0;
            });
        }

        return verdict.Endorsement.Revocation.ToString();
    }

    /// <summary>What must hold of a list that was taken for one that revokes nothing, found out by BouncyCastle.</summary>
    public static void Demand(byte[] der)
    {
        X509Crl list = new(der);
        FalseAcceptException.Unless(list.GetEncoded().AsSpan().SequenceEqual(der), "the list is not in DER");
        FalseAcceptException.Unless(list.IsSignatureValid(new X509Certificate(Guest.Root).GetPublicKey()), "nobody genuine has signed the list");
        FalseAcceptException.Unless(list.ThisUpdate <= VirtualAmd.Now.UtcDateTime && list.NextUpdate > VirtualAmd.Now.UtcDateTime, "the list is not current");
        FalseAcceptException.Unless(!list.IsRevoked(new X509Certificate(Guest.Issuer)) && !list.IsRevoked(new X509Certificate(Guest.Root)), "the list names a certificate of the chain");
        FalseAcceptException.Unless(list.GetExtensionValue(X509Extensions.DeltaCrlIndicator) is null, "the list is only a part");
    }
}
