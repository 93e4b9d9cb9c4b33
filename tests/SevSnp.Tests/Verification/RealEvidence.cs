using System.Text;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Verification;

/// <summary>Reads the real reports and certificates into the library's types.</summary>
internal static class RealEvidence
{
    public static AttestationReport Report(SnpVector vector) => Report(vector.ReadReport());

    public static AttestationReport Report(byte[] bytes) =>
        AttestationReport.TryParse(bytes, out AttestationReport? report, out EvidenceFault fault) ? report : throw new InvalidOperationException(fault.ToString());

    public static CertificateBundle File(string path) =>
        CertificateBundle.TryFromFile(System.IO.File.ReadAllBytes(path), out CertificateBundle? bundle, out EvidenceFault fault)
            ? bundle
            : throw new InvalidOperationException(fault.ToString());

    public static CertificateBundle Leaf(SnpVector vector) => File(vector.LeafPath);

    public static CertificateBundle Chain(string product, bool isVlek) =>
        CertificateBundle.FromPem(System.IO.File.ReadAllText(Vectors.Path("snp", "ca", $"{product.ToLowerInvariant()}-{(isVlek ? "vlek" : "vcek")}-cert_chain.pem"), Encoding.ASCII));

    public static CertificateBundle Bundle(SnpVector vector) => Leaf(vector).With(Chain(vector.ProductLine, vector.IsVlek));

    public static Authentication Authenticate(SnpVector vector) => Authenticate(vector, Bundle(vector), vector.VerificationTime);

    public static Authentication Authenticate(SnpVector vector, CertificateBundle bundle, DateTimeOffset at) =>
        Authenticator.Authenticate(new Evidence(Report(vector), bundle), TrustRoots.Amd, at);

    public static CheckResult Check(this Authentication authentication, CheckId id) => Assert.Single(authentication.Checks, c => c.Id == id);

    public static void AssertFirstFailure(this Authentication authentication, CheckId id)
    {
        Assert.Null(authentication.Verified);
        CheckResult failed = Assert.Single(authentication.Checks, c => c.Status == CheckStatus.Failed);
        Assert.True(failed.Id == id, $"expected {id} to fail, but {failed} did");
    }
}
