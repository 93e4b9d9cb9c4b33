using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.X509;
using SevSnp.Certificates;
using Verifier.Fuzz.Tests.Rig;
using Verifier.TestKit;

namespace Verifier.Fuzz.Tests.Certificates;

/// <summary>What must hold of certificates that evidence was accepted with, found out by BouncyCastle's reader instead of ours.</summary>
internal static class CertificateOracle
{
    public static void Demand(EndorsementKey key, Scenario genuine)
    {
        ReadOnlySpan<byte> ark = genuine.Root;
        FalseAcceptException.Unless(key.Root.Der.Span.SequenceEqual(ark), "the root is not the pinned one, byte for byte");
        bool isGenuineIssuer = key.Issuer.Der.Span.SequenceEqual(genuine.Issuer);
        if (isGenuineIssuer && key.Certificate.Der.Span.SequenceEqual(genuine.Leaf.Certificate))
        {
            return;
        }

        if (!isGenuineIssuer)
        {
            DemandSigned(key.Issuer.Der.ToArray(), genuine.Amd.Ark, "issuer");
        }

        X509Certificate leaf = DemandSigned(key.Certificate.Der.ToArray(), genuine.Amd.IssuerOf(genuine.Leaf.Kind), "leaf");
        FalseAcceptException.Unless(key.Issuer.Der.Span.IndexOf(genuine.Amd.IssuerOf(genuine.Leaf.Kind).Recipe.PublicKey) > 0, "the issuer has another key");
        FalseAcceptException.Unless(genuine.Leaf.Certificate.AsSpan().IndexOf(leaf.SubjectPublicKeyInfo().GetDerEncoded()) > 0, "the leaf has another key");
        X509Certificate real = new(genuine.Leaf.Certificate);
        foreach (string oid in (string[])[Oids.BlSpl, Oids.TeeSpl, Oids.SnpSpl, Oids.UcodeSpl, Oids.FmcSpl, Oids.HwId, Oids.CspId])
        {
            FalseAcceptException.Unless(Equals(Value(leaf, oid), Value(real, oid)), $"the leaf is for something else ({oid})");
        }

        FalseAcceptException.Unless(Line(leaf) == Line(real), "the leaf is for another line of products");
        FalseAcceptException.Unless(leaf.GetCriticalExtensionOids() is not { Count: > 0 }, "the leaf has a critical extension, of which AMD uses none");
    }

    private static X509Certificate DemandSigned(byte[] der, CertificateAuthority issuer, string what)
    {
        X509CertificateStructure structure = X509CertificateStructure.GetInstance(Asn1Object.FromByteArray(der));
        FalseAcceptException.Unless(structure.GetDerEncoded().AsSpan().SequenceEqual(der), $"the {what} is not in DER");
        FalseAcceptException.Unless(structure.SignatureAlgorithm.Equals(structure.TbsCertificate.Signature), $"the {what} names two algorithms");
        X509Certificate certificate = new(structure);
        FalseAcceptException.Unless(certificate.Version == 3 && certificate.IsValid(VirtualAmd.Now.UtcDateTime), $"the {what} is not valid now");
        FalseAcceptException.Unless(certificate.IsSignatureValid(new X509Certificate(issuer.Certificate).GetPublicKey()), $"nobody genuine has signed the {what}");
        return certificate;
    }

    private static SubjectPublicKeyInfo SubjectPublicKeyInfo(this X509Certificate certificate) => certificate.CertificateStructure.SubjectPublicKeyInfo;

    private static string? Value(X509Certificate certificate, string oid) =>
        certificate.GetExtensionValue(new DerObjectIdentifier(oid)) is { } value ? Convert.ToHexString(value.GetOctets()) : null;

    // What is behind the hyphen is a stepping, and AMD signs for whichever there is.
    private static string? Line(X509Certificate certificate) => certificate.GetExtensionValue(new DerObjectIdentifier(Oids.ProductName)) is { } value
        ? DerIA5String.GetInstance(Asn1Object.FromByteArray(value.GetOctets())).GetString().Split('-')[0]
        : null;
}
