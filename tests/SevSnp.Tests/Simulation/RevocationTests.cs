using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.Policies;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>T24.</summary>
public sealed class RevocationTests
{
    private const CheckId Revoked = CheckId.CertificatesAreNotRevoked;

    private static readonly VirtualAmd Amd = VirtualAmd.Milan;

    public static MatrixTheoryData<ProductLine, KeyKind> Kinds => new(ProductLines.All, [KeyKind.Vcek, KeyKind.Vlek]);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void T24_ListThatNamesTheIntermediateOrTheRoot_IsRefused(ProductLine product, KeyKind kind)
    {
        VirtualAmd amd = VirtualAmd.For(product);
        Scenario scenario = Scenario.Of(amd, kind);
        byte[] other = amd.IssuerOf(kind == KeyKind.Vcek ? KeyKind.Vlek : KeyKind.Vcek).Recipe.Serial;

        SimulationAssert.IsAuthentic(With(scenario, amd.RevocationList()));
        SimulationAssert.IsAuthentic(With(scenario, amd.RevocationList() with { Revoked = [other] }));
        SimulationAssert.IsRefused(With(scenario, amd.RevocationList() with { Revoked = [amd.IssuerOf(kind).Recipe.Serial] }), Revoked);
        SimulationAssert.IsRefused(With(scenario, amd.RevocationList() with { Revoked = [other, amd.IssuerOf(kind).Recipe.Serial] }), Revoked);
        SimulationAssert.IsRefused(With(scenario, amd.RevocationList() with { Revoked = [amd.Ark.Recipe.Serial] }), Revoked);
    }

    // All leaves have the number 0: a list that names it names nobody in particular.
    [Fact]
    public void T28_ListThatNamesSerialNumberZero_RevokesNoLeaf() =>
        SimulationAssert.IsAuthentic(With(Scenario.Vcek(), Amd.RevocationList() with { Revoked = [Der.Number(0)] }));

    [Theory]
    [InlineData("2025-03-01T11:54:59Z", false)]
    [InlineData("2025-03-01T11:55:00Z", true)]
    [InlineData("2025-06-01T00:00:00Z", true)]
    [InlineData("2025-09-01T12:05:00Z", true)]
    [InlineData("2025-09-01T12:05:01Z", false)]
    [InlineData("2035-01-01T00:00:00Z", false)]
    public void T24_StaleOrFutureList_IsRefused(string at, bool isCurrent)
    {
        RevocationListRecipe list = Amd.RevocationList() with { ThisUpdate = Time("2025-03-01T12:00:00Z"), NextUpdate = Time("2025-09-01T12:00:00Z") };
        Scenario scenario = With(Scenario.Vcek(), list) with { At = Time(at) };
        if (isCurrent)
        {
            SimulationAssert.IsAuthentic(scenario);
        }
        else
        {
            SimulationAssert.IsRefused(scenario, Revoked);
        }
    }

    [Fact]
    public void T24_WronglySignedList_IsRefused()
    {
        RevocationListRecipe list = Amd.RevocationList();
        RevocationListRecipe[] wrong =
        [
            list with { Sign = Amd.Ask.Sign },
            list with { Sign = Amd.Asvk.Sign },
            list with { Sign = VirtualAmd.Genoa.Ark.Sign },
            list with { Sign = part => [.. Amd.Ark.Sign(part).Select(b => (byte)~b)] },
        ];
        Assert.All(wrong, recipe => SimulationAssert.IsRefused(With(Scenario.Vcek(), recipe), Revoked));
    }

    [Fact]
    public void T24_MalformedList_IsRefused()
    {
        RevocationListRecipe list = Amd.RevocationList();
        RevocationListRecipe[] malformed =
        [
            list with { Version = [] },
            list with { Version = Der.Number(2) },
            list with { NextUpdate = null },
            list with { NextUpdate = list.ThisUpdate.AddSeconds(-1) },
            list with { Issuer = AmdName.Of("SEV-Milan"), Sign = Amd.Ask.Sign },
            list with { Issuer = AmdName.Of("ARK-Venice") },
            list with { Issuer = AmdName.Of("ARK-Milan", "Somebody") },
            list with { InnerAlgorithm = SignatureAlgorithm.Pkcs1() },
            list with { OuterAlgorithm = SignatureAlgorithm.PssWithTrailer() },
            list with { Extensions = [.. list.Extensions, new(Oids.DeltaCrlIndicator, Der.Number(1), Critical: true)] },
            list with { Extensions = [.. list.Extensions, new(Oids.IssuingDistributionPoint, Der.Sequence(), Critical: true)] },
            list with { Extensions = [.. list.Extensions, .. list.Extensions] },
            list with { AlterWhole = der => [.. der, 0] },
            list with { AlterWhole = der => der[..^1] },
            list with { AlterWhole = _ => [] },
            list with { AlterWhole = _ => new byte[1 << 20] },
            list with { AlterWhole = _ => Amd.Ark.Certificate },
        ];
        foreach (RevocationListRecipe recipe in malformed)
        {
            var authentication = With(Scenario.Vcek(), recipe).Authenticate();
            Assert.Null(authentication.Verified);
            Assert.Contains(authentication.Checks, c => c.Status == CheckStatus.Failed && c.Id is Revoked or CheckId.ChainSignaturesAreValid);
        }
    }

    // No list may be talked out of its word by another beside it, in whatever order and with whatever number.
    [Fact]
    public void T24_OlderListBesideANewerOne_StillRevokes()
    {
        byte[] revoking = (Amd.RevocationList().WithNumber(5) with { Revoked = [Amd.Ask.Recipe.Serial] }).Mint();
        byte[] older = Amd.RevocationList().WithNumber(4).Mint();
        byte[] newer = Amd.RevocationList().WithNumber(6).Mint();
        Scenario scenario = Scenario.Vcek();
        foreach (byte[][] lists in (byte[][][])[[revoking, older], [older, revoking], [revoking, newer], [newer, revoking]])
        {
            SimulationAssert.IsRefused(scenario with { RevocationLists = lists }, Revoked);
        }

        SimulationAssert.IsAuthentic(scenario with { RevocationLists = [older, newer] });
        byte[] forged = (Amd.RevocationList() with { Sign = VirtualAmd.Genoa.Ark.Sign }).Mint();
        SimulationAssert.IsRefused(scenario with { RevocationLists = [newer, forged] }, Revoked);
    }

    [Fact]
    public void T24_NoListAtHand_IsAWarningOrARefusalAsThePolicySays()
    {
        Scenario scenario = Scenario.Vcek();
        Assert.Equal(CheckStatus.NotRequired, scenario.Authenticate().Checks.Single(c => c.Id == Revoked).Status);
        AttestationVerdict preferred = scenario.Judge();
        SimulationAssert.IsAccepted(preferred);
        Assert.NotEmpty(preferred.Warnings);
        Assert.Equal(RevocationStatus.NoList, preferred.Endorsement!.Revocation);

        AppraisalPolicy required = AppraisalPolicy.Default with { Revocation = RevocationRule.Required };
        AttestationVerdict refused = scenario.Judge(required);
        Assert.Equal([Revoked], refused.Checks.Where(c => c.Status == CheckStatus.Failed).Select(c => c.Id));
        Assert.False(refused.Accepted);
        SimulationAssert.IsAccepted(With(scenario, Amd.RevocationList()).Judge(required));
    }

    [Fact]
    public void T24_ListOfAnotherProduct_SaysNothing()
    {
        Scenario scenario = With(Scenario.Vcek(), VirtualAmd.Genoa.RevocationList() with { Revoked = [Amd.Ask.Recipe.Serial] });
        Assert.Equal(CheckStatus.NotRequired, scenario.Authenticate().Checks.Single(c => c.Id == Revoked).Status);
    }

    private static Scenario With(Scenario scenario, RevocationListRecipe list) => scenario with { RevocationLists = [list.Mint()] };

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
