using System.Reflection;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;

namespace SevSnp.Tests.Policies;

/// <summary>What a policy lets requests state.</summary>
public sealed class ExpectationTests
{
    private static readonly Dictionary<Expectation, Expectations> Stating = new()
    {
        [Expectation.Image] = new() { Image = "a" },
        [Expectation.Kinds] = new() { Kinds = new HashSet<LaunchKind>() },
        [Expectation.MinReportVersion] = With(new() { MinReportVersion = 2 }),
        [Expectation.Vmpls] = With(new() { Vmpls = new HashSet<uint>() }),
        [Expectation.GuestPolicy] = With(new() { GuestPolicy = new() }),
        [Expectation.PlatformInfo] = With(new() { PlatformInfo = new() }),
        [Expectation.Signer] = With(new() { Signer = new SignerRule.NoIdBlock() }),
        [Expectation.HostData] = With(new() { HostData = new HexBytes(new byte[32]) }),
        [Expectation.TcbFloors] = With(new() { TcbFloors = [new TcbFloor(ProductLine.Milan, null, default(TcbVersion), null, null)] }),
        [Expectation.MinFirmware] = With(new() { MinFirmware = default(FirmwareVersion) }),
        [Expectation.MinCurrentFirmware] = With(new() { MinCurrentFirmware = default(FirmwareVersion) }),
        [Expectation.RequiredMitigations] = With(new() { RequiredMitigations = 0 }),
        [Expectation.CspIds] = With(new() { CspIds = new HashSet<string>() }),
        [Expectation.SigningKeys] = With(new() { SigningKeys = new HashSet<KeyKind>() }),
        [Expectation.Products] = With(new() { Products = new HashSet<ProductLine>() }),
        [Expectation.AllowedChips] = With(new() { AllowedChips = new HashSet<HexBytes>() }),
        [Expectation.DeniedChips] = With(new() { DeniedChips = new HashSet<HexBytes>() }),
    };

    public static TheoryData<Expectation> All => [.. ExpectationNames.All];

    [Theory]
    [MemberData(nameof(All))]
    public void EachExpectation_IsRefusedExactlyWhereItIsNotAdmitted(Expectation one)
    {
        Expectations stated = Stating[one];
        Assert.Equal([one], stated.Stated());
        Assert.Empty(new AppraisalPolicy().NotAdmitted(stated));
        Assert.Empty(Admitting(one).NotAdmitted(stated));
        Assert.Equal([one], Admitting().NotAdmitted(stated));
        Assert.Equal([one], Admitting([.. ExpectationNames.All.Where(e => e != one)]).NotAdmitted(stated));
    }

    [Fact]
    public void NothingStated_IsAlwaysAdmitted() => Assert.Empty(Admitting().NotAdmitted(new Expectations()));

    // A member that is added to the constraints and not here could not be limited.
    [Fact]
    public void EveryMemberOfConstraintsAndExpectations_IsAnExpectation() => Assert.Equal(
        typeof(Constraints).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name).Concat(["Image", "Kinds"]).Order(),
        ExpectationNames.All.Select(e => e.ToString()).Order());

    private static Expectations With(Constraints constraints) => new() { Constraints = constraints };

    private static AppraisalPolicy Admitting(params Expectation[] admitted) => new() { AdmittedExpectations = admitted.ToHashSet() };
}
