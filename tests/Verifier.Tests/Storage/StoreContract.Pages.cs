using SevSnp.References;
using Verifier.Service.Registry;

namespace Verifier.Tests.Storage;

public abstract partial class StoreContract
{
    private static readonly ReferenceFilter All = new(null, null);

    [Fact]
    public async Task Pages_AreOrderedById_AndEndWithNull()
    {
        foreach (string id in new[] { "c", "a", "e", "b", "d" })
        {
            await CreatedAsync(Samples.Value(id));
        }

        ReferencePage first = await References.ListAsync("default", All, 2, null, Ct);
        ReferencePage second = await References.ListAsync("default", All, 2, first.NextAfterId, Ct);
        ReferencePage third = await References.ListAsync("default", All, 2, second.NextAfterId, Ct);
        Assert.Equal(["a", "b", "c", "d", "e"], first.Values.Concat(second.Values).Concat(third.Values).Select(v => v.Id));
        Assert.Null(third.NextAfterId);
        Assert.Null((await References.ListAsync("default", All, 5, null, Ct)).NextAfterId);
        Assert.Empty((await References.ListAsync("nobody", All, 5, null, Ct)).Values);
    }

    [Fact]
    public async Task Filter_MeetsImageAndState()
    {
        await CreatedAsync(Samples.Value("default", "a", [Samples.Digest()], image: "svsm"));
        await CreatedAsync(Samples.Value("default", "b", [Samples.Digest()], image: "ovmf"));
        await CreatedAsync(Samples.Value("default", "c", [Samples.Digest()], image: "svsm"));
        await ChangedAsync(Samples.Deprecate("c"));

        Assert.Equal(["a", "c"], await IdsAsync(new("svsm", null), 1));
        Assert.Equal(["a", "b"], await IdsAsync(new(null, ReferenceState.Active), 1));
        Assert.Equal(["c"], await IdsAsync(new("svsm", ReferenceState.Deprecated), 10));
        Assert.Empty(await IdsAsync(new("SVSM", null), 10));
        Assert.Empty(await IdsAsync(new("ovmf", ReferenceState.Revoked), 10));
    }

    [Fact]
    public async Task Pages_NeitherRepeatNorMiss_WhileOthersInsert()
    {
        for (int i = 0; i < 30; i++)
        {
            await CreatedAsync(Samples.Value($"base-{i:d3}"));
        }

        Task inserting = Task.Run(InsertBetweenAsync, Ct);
        List<string> seen = await IdsAsync(All, 7);
        await inserting;
        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Equal(seen.Distinct().Count(), seen.Count);
        Assert.Equal(30, seen.Count(id => !id.EndsWith("-new", StringComparison.Ordinal)));
    }

    private async Task InsertBetweenAsync()
    {
        for (int i = 0; i < 30; i++)
        {
            await CreatedAsync(Samples.Value($"base-{i:d3}-new"));
        }
    }

    private async Task<List<string>> IdsAsync(ReferenceFilter filter, int pageSize)
    {
        List<string> ids = [];
        string? after = null;
        do
        {
            ReferencePage page = await References.ListAsync("default", filter, pageSize, after, Ct);
            Assert.True(page.Values.Count <= pageSize);
            ids.AddRange(page.Values.Select(v => v.Id));
            after = page.NextAfterId;
        }
        while (after is not null);
        return ids;
    }
}
