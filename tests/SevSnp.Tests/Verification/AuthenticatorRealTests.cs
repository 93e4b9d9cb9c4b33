using SevSnp.Checks;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Verification;

public class AuthenticatorRealTests
{
    public static TheoryData<string> Names => new(Vectors.SnpReportNames);

    [Theory]
    [MemberData(nameof(Names))]
    public void RealReport_GivesTheExpectedChecks(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName(name);

        Authentication result = RealEvidence.Authenticate(vector);

        Assert.Equal(Enumerable.Range(1, 22), result.Checks.Select(c => (int)c.Id));
        bool isSigned = vector.Expected.ReportSignature == "ok";
        Assert.Equal(isSigned, result.Verified is not null);
        Assert.Equal(isSigned ? CheckStatus.Passed : CheckStatus.Failed, result.Check(CheckId.ReportSignatureIsValid).Status);
        Assert.Equal(vector.Expected.TcbMatchesLeaf ? CheckStatus.Passed : CheckStatus.Failed, result.Check(CheckId.ReportedTcbMatchesCertificate).Status);
        CheckStatus chip = vector.Expected.ChipIdMatchesHwid switch
        {
            true => CheckStatus.Passed,
            false => CheckStatus.Failed,
            null => CheckStatus.NotRequired,
        };
        Assert.Equal(chip, result.Check(CheckId.ChipIdMatchesCertificate).Status);

        CheckId[] optional = [CheckId.CertificateTableIsWellFormed, CheckId.CertificatesAreNotRevoked];
        Assert.All(optional, id => Assert.Equal(CheckStatus.NotRequired, result.Check(id).Status));
        Assert.All(result.Checks.Where(c => c.Id < CheckId.ReportSignatureIsValid && !optional.Contains(c.Id)), c => Assert.Equal(CheckStatus.Passed, c.Status));
    }
}
