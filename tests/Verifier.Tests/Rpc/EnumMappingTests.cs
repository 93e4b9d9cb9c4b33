using SevSnp.Launch;
using SevSnp.References;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Tests.Rpc;

/// <summary>The mapping of enums is by number; these hold contract and library to the same members.</summary>
public sealed class EnumMappingTests
{
    [Fact]
    public void Products_AreTheSame() => AssertSame<ProductLine, Proto.Product>("Unknown");

    [Fact]
    public void LaunchKinds_AreTheSame() => AssertSame<LaunchKind, Proto.LaunchKind>("Unspecified");

    [Fact]
    public void KeyKinds_AreTheSame() => AssertSame<KeyKind, Proto.SigningKeyKind>("None");

    [Fact]
    public void States_AreTheSame() => AssertSame<ReferenceState, Proto.ReferenceValue.Types.State>("Unspecified");

    [Fact]
    public void Origins_AreTheSame() => AssertSame<ReferenceOrigin, Proto.ReferenceValue.Types.Origin>("Unspecified");

    private static void AssertSame<TDomain, TProto>(string zero)
        where TDomain : struct, Enum
        where TProto : struct, Enum
    {
        Assert.Equal(zero, Enum.GetName(default(TDomain)));
        Assert.Equal("Unspecified", Enum.GetName(default(TProto)));
        Assert.Equal(Members<TDomain>(), Members<TProto>());
    }

    private static IEnumerable<(string, int)> Members<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(v => (v.ToString(), Convert.ToInt32(v, null))).Where(m => m.Item2 != 0);
}
