using System.Text;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Primitives;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Tests.Storage.Codec;

public sealed class RecordCodecTests
{
    private static readonly Digest384 Digest = new(Enumerable.Repeat((byte)0xAB, 48).ToArray());

    /// <summary>What is on disks of operators. If this test fails, the stored format has changed: that needs a new version number and a reader of the old one.</summary>
    [Fact]
    public void StoredFormat_IsPinned()
    {
        StoredReferenceValue value = Samples.Value("default", "release-1", [Digest]);
        value = value with
        {
            Etag = "e1",
            Value = value.Value with
            {
                ExpireTime = Samples.Noon.AddDays(1),
                Constraints = new()
                {
                    Vmpls = new HashSet<uint> { 2, 0 },
                    GuestPolicy = new(GuestPolicyBits.None, GuestPolicyBits.Debug),
                    Signer = new SignerRule.NoIdBlock(),
                    TcbFloors = [new(ProductLine.Milan, null, new TcbVersion(TcbLayout.Legacy, 0, 4, 0, 24, 219), null, null)],
                    CspIds = new HashSet<string>(),
                },
            },
        };
        string digest = string.Concat(Enumerable.Repeat("ab", 48));
        string expected = $$$"""
            {"v":1,"tenant":"default","id":"release-1","name":"tenants/default/referenceValues/release-1","image":"coconut-svsm","version":"2026.11",
            "kind":"svsm-igvm","state":"active","origin":"asserted","measurements":[{"digest":"{{{digest}}}","profile":"qemu-kvm","vcpuCount":4}],
            "constraints":{"vmpls":[0,2],"guestPolicy":{"required":0,"forbidden":524288,"minAbiMajor":0,"minAbiMinor":0},"signer":{"kind":"no-id-block"},
            "tcbFloors":[{"product":"milan","reported":{"layout":"legacy","fmc":0,"bootLoader":4,"tee":0,"snp":24,"microcode":219}}],"cspIds":[]},
            "expireTime":"2026-11-26T12:00:00+00:00","provenance":{"fileSize":0,"repository":"","commit":"","buildUrl":""},"registrar":"registrar",
            "createTime":"2026-11-25T12:00:00+00:00","updateTime":"2026-11-25T12:00:00+00:00","etag":"e1","revokeReason":""}
            """.ReplaceLineEndings("");
        Assert.Equal(expected, Encoding.UTF8.GetString(RecordCodec.Encode(value)));
        Assert.Equal(expected, Encoding.UTF8.GetString(RecordCodec.Encode(RecordCodec.DecodeValue(Encoding.UTF8.GetBytes(expected), "default", "release-1"))));
    }

    [Fact]
    public void AbsentAndEmptyLists_StayApart()
    {
        Constraints read = RoundTrip(Constraints.None);
        Assert.Null(read.Vmpls);
        Assert.Null(read.CspIds);
        Assert.Null(read.Products);
        Assert.Null(read.AllowedChips);
        Assert.Null(read.Signer);

        read = RoundTrip(new()
        {
            Vmpls = new HashSet<uint>(),
            CspIds = new HashSet<string>(),
            Products = new HashSet<ProductLine>(),
            AllowedChips = new HashSet<HexBytes>(),
            Signer = new SignerRule.Pinned(new HashSet<Digest384>(), new HashSet<Digest384>()),
        });
        Assert.Empty(read.Vmpls!);
        Assert.Empty(read.CspIds!);
        Assert.Empty(read.Products!);
        Assert.Empty(read.AllowedChips!);
        Assert.Empty(Assert.IsType<SignerRule.Pinned>(read.Signer).IdKeyDigests);
    }

    /// <summary>A member added to Constraints without a stored form would be dropped, which loosens what was registered.</summary>
    [Fact]
    public void EveryMemberOfConstraints_HasAStoredForm()
    {
        Assert.Equal(
            typeof(Constraints).GetProperties().Where(p => p.GetMethod!.IsStatic == false).Select(p => p.Name).Order(),
            typeof(ConstraintsDocument).GetProperties().Select(p => p.Name).Order());
        Constraints full = Samples.EveryConstraint();
        Constraints read = RoundTrip(full);
        foreach (System.Reflection.PropertyInfo property in typeof(Constraints).GetProperties().Where(p => !p.GetMethod!.IsStatic))
        {
            Assert.NotNull(property.GetValue(full));
            Assert.NotNull(property.GetValue(read));
        }

        SignerRule.Pinned expected = (SignerRule.Pinned)full.Signer!, actual = Assert.IsType<SignerRule.Pinned>(read.Signer);
        Assert.Equal((expected.MinGuestSvn, expected.FamilyId, expected.ImageId), (actual.MinGuestSvn, actual.FamilyId, actual.ImageId));
        Assert.True(expected.IdKeyDigests.SetEquals(actual.IdKeyDigests) && expected.AuthorKeyDigests.SetEquals(actual.AuthorKeyDigests));
        Assert.Equal((full.GuestPolicy, full.PlatformInfo, full.HostData, full.MinFirmware), (read.GuestPolicy, read.PlatformInfo, read.HostData, read.MinFirmware));
        Assert.Equal(full.TcbFloors, read.TcbFloors);
        Assert.True(full.AllowedChips!.SetEquals(read.AllowedChips!));
        Assert.Equal(full.MinCurrentFirmware, read.MinCurrentFirmware);
        Assert.True(full.SigningKeys!.SetEquals(read.SigningKeys!));
        Assert.Equal((full.MinReportVersion, full.RequiredMitigations), (read.MinReportVersion, read.RequiredMitigations));
    }

    [Theory]
    [InlineData("\"signer\":{\"kind\":\"pinned\"}")]
    [InlineData("\"signer\":{\"kind\":\"no-id-block\",\"minGuestSvn\":1}")]
    [InlineData("\"signer\":{\"kind\":\"anyone\"}")]
    [InlineData("\"hostData\":\"00\"")]
    [InlineData("\"allowedChips\":[\"00\"]")]
    [InlineData("\"products\":[\"Milan\"]")]
    [InlineData("\"vmpls\":[-1]")]
    [InlineData("\"requiredMitigations\":1.5")]
    [InlineData("\"guestPolicy\":{\"required\":0}")]
    [InlineData("\"cspids\":[]")]
    public void ConstraintNotUnderstoodCompletely_IsRefused(string member)
    {
        string json = Encoding.UTF8.GetString(RecordCodec.Encode(Samples.Value("release-1")));
        byte[] changed = Encoding.UTF8.GetBytes(json.Replace("\"constraints\":{}", $"\"constraints\":{{{member}}}", StringComparison.Ordinal));
        Assert.NotEqual(json.Length, changed.Length);
        Assert.Throws<StoreUnfitException>(() => RecordCodec.DecodeValue(changed, "default", "release-1"));
    }

    private static Constraints RoundTrip(Constraints constraints)
    {
        StoredReferenceValue value = Samples.Value("release-1");
        byte[] bytes = RecordCodec.Encode(value with { Value = value.Value with { Constraints = constraints } });
        return RecordCodec.DecodeValue(bytes, "default", "release-1").Value.Constraints;
    }
}
