using SevSnp.Launch;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;

namespace Verifier.Tests.Storage;

public abstract partial class StoreContract
{
    private static NearVariant Near(Digest384? digest = null) => new(digest ?? Samples.Digest(), LaunchProfile.QemuKvm, ZeroPages.Native, 4);

    private protected abstract Task AddNearAsync(Digest384 measurement, string id, byte[] bytes);

    [Fact]
    public async Task NearVariant_IsFoundAsSuch_AndNeverAsAReferenceValue()
    {
        NearVariant near = Near();
        StoredReferenceValue created = await CreatedWithAsync(Samples.Value("release-1"), near);

        NearMatch match = Assert.Single(await References.FindNearAsync("default", near.Digest, Ct));

        Assert.Equal((near, created.Value.Name), (match.Variant, match.Value.Name));
        MeasurementEntry entry = await References.FindAsync("default", near.Digest, Ct);
        Assert.Equal((null, 0), (entry.Tombstone, entry.Values.Count));
        Assert.Empty(await References.FindNearAsync("default", created.Value.Measurements[0].Digest, Ct));
    }

    [Fact]
    public async Task NearVariant_OfAnotherTenant_IsNotFound()
    {
        NearVariant near = Near();
        await CreatedWithAsync(Samples.Value("other", "release-1", [Samples.Digest()]), near);

        Assert.Empty(await References.FindNearAsync("default", near.Digest, Ct));
        Assert.Single(await References.FindNearAsync("other", near.Digest, Ct));
    }

    [Fact]
    public async Task NearVariant_ShowsItsValueAsItStands_AndRevokingLeavesNoTombstoneOnIt()
    {
        NearVariant near = Near();
        await CreatedWithAsync(Samples.Value("release-1"), near);
        await CreatedWithAsync(Samples.Value("release-2"), near);
        await ChangedAsync(Samples.Revoke("release-1"));
        await ReopenAsync();

        IReadOnlyList<NearMatch> found = await References.FindNearAsync("default", near.Digest, Ct);

        Assert.Equal([ReferenceState.Revoked, ReferenceState.Active], found.Select(n => n.Value.State));
        Assert.Null((await References.FindAsync("default", near.Digest, Ct)).Tombstone);
    }

    [Fact]
    public async Task NearVariant_OfARefusedRegistration_IsNotKept()
    {
        NearVariant near = Near();
        await CreatedAsync(Samples.Value("release-1"));

        Assert.IsType<ChangeOutcome.AlreadyExists>(await References.CreateAsync(Samples.Creation(Samples.Value("release-1"), near), null, Ct));

        Assert.Empty(await References.FindNearAsync("default", near.Digest, Ct));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("other")]
    [InlineData("value")]
    public async Task T76_DamagedNearVariant_IsRefused(string damage)
    {
        Digest384 digest = Samples.Digest();
        StoredReferenceValue value = await CreatedAsync(Samples.Value("release-1"));
        await AddNearAsync(digest, "release-1", damage switch
        {
            "other" => Verifier.Service.Storage.Codec.RecordCodec.EncodeNear("release-1", Near()),
            "value" => Verifier.Service.Storage.Codec.RecordCodec.Encode(value),
            _ => Utf8(damage),
        });

        await RefusedAsync(digest.ToString(), () => References.FindNearAsync("default", digest, Ct));
    }

    private async Task<StoredReferenceValue> CreatedWithAsync(StoredReferenceValue value, params NearVariant[] near) =>
        Assert.IsType<ChangeOutcome.Done>(await References.CreateAsync(Samples.Creation(value, near), null, Ct)).Value;
}
