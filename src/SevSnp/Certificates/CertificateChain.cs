namespace SevSnp.Certificates;

/// <summary>Exactly three links, as far as they were among the certificates at hand. Nothing here is verified.</summary>
internal sealed record CertificateChain(AmdCertificate Leaf, AmdCertificate? Intermediate, AmdCertificate? Root)
{
    public IEnumerable<AmdCertificate> Links => new[] { Root, Intermediate, Leaf }.OfType<AmdCertificate>();
}
