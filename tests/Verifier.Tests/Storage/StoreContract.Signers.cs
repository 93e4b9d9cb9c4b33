using SevSnp.Policies;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Registry;

namespace Verifier.Tests.Storage;

public abstract partial class StoreContract
{
    private static readonly HexBytes Family = new(new byte[16]);

    private protected abstract Task IndexSignerAsync(Digest384 signer, string id);

    [Fact]
    public async Task ValueThatAcceptsBySigner_IsFoundByEachOfItsKeys_AndByNoMeasurement()
    {
        Digest384 first = Samples.Digest(), second = Samples.Digest(), author = Samples.Digest(), measurement = Samples.Digest();
        await CreatedAsync(Signed("by-signer", [first, second], author));
        await CreatedAsync(Samples.Value("release-1", measurement));
        await ReopenAsync();

        foreach (Digest384 key in new[] { first, second, author })
        {
            MeasurementEntry entry = await References.FindAsync("default", measurement, [key], Ct);
            Assert.Equal(["release-1"], entry.Values.Select(v => v.Id));
            StoredReferenceValue value = Assert.Single(entry.OfSigners);
            Assert.Equal(("by-signer", true, 0), (value.Id, value.Value.AcceptsBySigner, value.Value.Measurements.Count));
        }

        Assert.Equal(["by-signer"], (await References.FindAsync("default", measurement, [first, author], Ct)).OfSigners.Select(v => v.Id));
        Assert.Single((await References.FindAsync("default", measurement, [author, Samples.Digest()], Ct)).OfSigners);
        Assert.Single((await References.FindAsync("default", measurement, [Samples.Digest(), author], Ct)).OfSigners);
        Assert.Empty((await References.FindAsync("default", measurement, [], Ct)).OfSigners);
        Assert.Empty((await References.FindAsync("default", measurement, [Samples.Digest()], Ct)).OfSigners);
        Assert.Empty((await References.FindAsync("default", first, [measurement], Ct)).Values);
        Assert.Empty((await References.FindAsync("other", measurement, [first], Ct)).OfSigners);
    }

    [Fact]
    public async Task ValueWithMeasurements_IsNotFoundByTheKeysOfItsConstraints()
    {
        Digest384 key = Samples.Digest(), measurement = Samples.Digest();
        StoredReferenceValue value = Samples.Value("release-1", measurement);
        await CreatedAsync(value with { Value = value.Value with { Constraints = Signed("x", [key]).Value.Constraints } });

        MeasurementEntry entry = await References.FindAsync("default", measurement, [key], Ct);

        Assert.Equal((1, 0), (entry.Values.Count, entry.OfSigners.Count));
    }

    [Fact]
    public async Task T51_RevokedValueThatAcceptsBySigner_IsStillFound_AsRevoked()
    {
        Digest384 key = Samples.Digest();
        await CreatedAsync(Signed("withdrawn", [key]));
        await CreatedAsync(Signed("other", [key]));
        await ChangedAsync(Samples.Revoke("withdrawn"));
        await ReopenAsync();

        MeasurementEntry entry = await References.FindAsync("default", Samples.Digest(), [key], Ct);

        Assert.Equal([("other", ReferenceState.Active), ("withdrawn", ReferenceState.Revoked)], entry.OfSigners.Select(v => (v.Id, v.Value.State)));
        Assert.Null(entry.Tombstone);
    }

    [Fact]
    public async Task T76_IndexOfSigners_ToAValueThatDoesNotAcceptByIt_IsRefused()
    {
        Digest384 key = Samples.Digest(), stranger = Samples.Digest();
        await CreatedAsync(Signed("by-signer", [key]));
        await CreatedAsync(Samples.Value("release-1"));
        await IndexSignerAsync(stranger, "by-signer");
        await RefusedAsync("by-signer", () => References.FindAsync("default", Samples.Digest(), [stranger], Ct));

        Digest384 measured = Samples.Digest(), ghost = Samples.Digest();
        await IndexSignerAsync(measured, "release-1");
        await RefusedAsync("release-1", () => References.FindAsync("default", Samples.Digest(), [measured], Ct));
        await IndexSignerAsync(ghost, "ghost");
        await RefusedAsync("ghost", () => References.FindAsync("default", Samples.Digest(), [ghost], Ct));
        Assert.Single((await References.FindAsync("default", Samples.Digest(), [key], Ct)).OfSigners);
    }

    [Fact]
    public async Task EachOfTwoSigners_LeadsToItsOwnValues()
    {
        Digest384 idKey = Samples.Digest(), author = Samples.Digest();
        await CreatedAsync(Signed("z-of-the-id-key", [idKey]));
        await CreatedAsync(Signed("a-of-the-author", [], author));
        await CreatedAsync(Signed("of-neither", [Samples.Digest()]));

        Assert.Equal(["a-of-the-author", "z-of-the-id-key"], (await References.FindAsync("default", Samples.Digest(), [idKey, author], Ct)).OfSigners.Select(v => v.Id));
    }

    private protected static StoredReferenceValue Signed(string id, Digest384[] idKeys, params Digest384[] authorKeys)
    {
        StoredReferenceValue value = Samples.Value(id);
        SignerRule rule = new SignerRule.Pinned(idKeys.ToHashSet(), authorKeys.ToHashSet()) { MinGuestSvn = 2, FamilyId = Family, ImageId = Family };
        return value with { Value = value.Value with { Measurements = [], AcceptsBySigner = true, Constraints = new Constraints { Signer = rule } } };
    }
}
