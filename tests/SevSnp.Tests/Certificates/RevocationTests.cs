using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Tests.Verification;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

/// <summary>T24: what a revocation list at hand does to a chain (C15).</summary>
public class RevocationTests
{
    private static readonly Scenario Good = Scenario.Vcek();

    private static byte[] IntermediateSerial => Good.Amd.Ask.Recipe.Serial;

    [Fact]
    public void T24_NoList_IsNotRequired()
    {
        Authentication result = Good.Authenticate();
        Assert.Equal(CheckStatus.NotRequired, result.Check(CheckId.CertificatesAreNotRevoked).Status);
        Assert.Equal(RevocationStatus.NoList, result.Endorsement?.Revocation);
    }

    [Fact]
    public void T24_CurrentListThatNamesOthers_Holds()
    {
        RevocationListRecipe list = Good.Amd.RevocationList() with { Revoked = [Der.Number(0), Der.NumberOf(1, 0, 2), Der.Number(7)] };

        Authentication result = With(list).Authenticate();

        Assert.NotNull(result.Verified);
        Assert.Equal(CheckStatus.Passed, result.Check(CheckId.CertificatesAreNotRevoked).Status);
        Assert.Equal(RevocationStatus.NotRevoked, result.Endorsement?.Revocation);
    }

    [Theory]
    [InlineData(KeyKind.Vcek)]
    [InlineData(KeyKind.Vlek)]
    public void T24_ListThatNamesTheIntermediate_Fails(KeyKind kind)
    {
        Scenario scenario = Scenario.Of(Good.Amd, kind);
        RevocationListRecipe list = Good.Amd.RevocationList() with { Revoked = [Der.Number(7), Good.Amd.IssuerOf(kind).Recipe.Serial] };

        (scenario with { RevocationLists = [list.Mint()] }).Authenticate().AssertFirstFailure(CheckId.CertificatesAreNotRevoked);
        AssertHolds(Scenario.Of(Good.Amd, kind == KeyKind.Vcek ? KeyKind.Vlek : KeyKind.Vcek) with { RevocationLists = [list.Mint()] });
    }

    [Fact]
    public void T24_ListThatNamesTheRoot_Fails() =>
        AssertFails(Good.Amd.RevocationList() with { Revoked = [Good.Amd.Ark.Recipe.Serial] });

    [Fact]
    public void T24_NewerListBesideAnOlder_CannotHideARevocation()
    {
        RevocationListRecipe revoking = Good.Amd.RevocationList() with { Revoked = [IntermediateSerial] };
        RevocationListRecipe clean = Good.Amd.RevocationList().WithNumber(99);

        (Good with { RevocationLists = [clean.Mint(), revoking.Mint()] }).Authenticate().AssertFirstFailure(CheckId.CertificatesAreNotRevoked);
        (Good with { RevocationLists = [revoking.Mint(), clean.Mint()] }).Authenticate().AssertFirstFailure(CheckId.CertificatesAreNotRevoked);
    }

    [Fact]
    public void T24_ListSignedByAnother_Fails()
    {
        AssertFails(Good.Amd.RevocationList() with { Sign = Good.Amd.Ask.Sign });
        AssertFails(Good.Amd.RevocationList() with { Sign = VirtualAmd.Genoa.Ark.Sign });
        AssertFails(Good.Amd.RevocationList() with { AlterWhole = der => [.. der[..^1], (byte)(der[^1] ^ 1)] });
    }

    [Fact]
    public void T24_ListOfAnotherProduct_IsLeftAside()
    {
        Authentication result = (Good with { RevocationLists = [VirtualAmd.Genoa.RevocationList().Mint()] }).Authenticate();
        Assert.Equal(CheckStatus.NotRequired, result.Check(CheckId.CertificatesAreNotRevoked).Status);
    }

    [Theory]
    [InlineData(-301, 1000, false)]
    [InlineData(-300, 1000, true)]
    [InlineData(0, 0, true)]
    [InlineData(1000, -300, true)]
    [InlineData(1000, -301, false)]
    public void T24_List_MustBeCurrentWithinTheSkew(int secondsSinceIssue, int secondsUntilNext, bool holds)
    {
        Scenario scenario = With(Good.Amd.RevocationList() with
        {
            ThisUpdate = Good.At.AddSeconds(-secondsSinceIssue),
            NextUpdate = Good.At.AddSeconds(secondsUntilNext),
        });

        Authentication result = scenario.Authenticate();

        Assert.Equal(holds ? CheckStatus.Passed : CheckStatus.Failed, result.Check(CheckId.CertificatesAreNotRevoked).Status);
        Assert.Equal(holds, result.Verified is not null);
    }

    [Fact]
    public void FaultyList_RefusesTheEvidence() => AssertFails(Good.Amd.RevocationList() with { NextUpdate = null });

    private static Scenario With(RevocationListRecipe list) => Good with { RevocationLists = [list.Mint()] };

    private static void AssertHolds(Scenario scenario) => Assert.NotNull(scenario.Authenticate().Verified);

    private static void AssertFails(RevocationListRecipe list) => With(list).Authenticate().AssertFirstFailure(CheckId.CertificatesAreNotRevoked);
}
