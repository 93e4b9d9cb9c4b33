using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Tests.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

/// <summary>The real certificates among the vectors: nine authorities and every leaf.</summary>
internal static class RealCertificates
{
    public static readonly CertificateRole[] Authorities = [CertificateRole.Ark, CertificateRole.Ask, CertificateRole.Asvk];

    public static byte[] AuthorityDer(ProductLine product, CertificateRole role) =>
        File.ReadAllBytes(Vectors.Path("snp", "ca", $"{product.ToString().ToLowerInvariant()}-{role.ToString().ToLowerInvariant()}.der"));

    public static AmdCertificate Authority(ProductLine product, CertificateRole role) => Parse(AuthorityDer(product, role));

    public static IEnumerable<AmdCertificate> AllAuthorities() => ProductLines.All.SelectMany(_ => Authorities, Authority);

    public static AmdCertificate Leaf(SnpVector vector) => Assert.Single(RealEvidence.Leaf(vector).Certificates);

    public static IEnumerable<AmdCertificate> All() => AllAuthorities().Concat(Vectors.Snp.Select(Leaf)).DistinctBy(c => c.Sha256);

    public static AmdCertificate Parse(byte[] der) =>
        AmdCertificate.TryParse(der, out AmdCertificate? certificate, out EvidenceFault fault) ? certificate : throw new InvalidOperationException(fault.ToString());

    public static EvidenceFault Fault(ReadOnlySpan<byte> der)
    {
        Assert.False(AmdCertificate.TryParse(der, out AmdCertificate? certificate, out EvidenceFault fault));
        Assert.Null(certificate);
        Assert.NotEqual(CheckId.None, fault.Check);
        return fault;
    }
}
