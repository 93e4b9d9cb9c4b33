using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Verification;

public class AuthenticatorTests
{
    public static MatrixTheoryData<ProductLine, KeyKind> Kinds => new(ProductLines.All, [KeyKind.Vcek, KeyKind.Vlek]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SimulatedEvidence_IsAuthenticUnderItsOwnRoot(ProductLine product, KeyKind kind)
    {
        Authentication result = Scenario.Of(VirtualAmd.For(product), kind).Authenticate();

        Assert.DoesNotContain(result.Checks, c => c.Status is CheckStatus.Failed or CheckStatus.NotEvaluated);
        Assert.NotNull(result.Verified);
        Assert.True(result.Verified.Endorsement.IsUnsafeExtraRoot);
        Assert.Equal(product, result.Verified.Product);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SimulatedEvidence_IsNotAuthenticUnderAmdsRoots(ProductLine product, KeyKind kind)
    {
        Scenario scenario = Scenario.Of(VirtualAmd.For(product), kind) with { Roots = SevSnp.Certificates.TrustRoots.Amd };

        scenario.Authenticate().AssertFirstFailure(CheckId.RootIsPinned);
    }
}
