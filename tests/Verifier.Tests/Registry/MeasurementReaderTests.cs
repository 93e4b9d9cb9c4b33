using Microsoft.Extensions.Time.Testing;
using SevSnp.Primitives;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Tests.Storage;

namespace Verifier.Tests.Registry;

/// <summary>A measurement is looked up once for all calls that one look-up serves, and each question by itself.</summary>
public class MeasurementReaderTests
{
    private static readonly Digest384 Image = Samples.Digest(), Other = Samples.Digest();

    private readonly InMemoryStore _store = new();
    private readonly Moments _moments = new(Moments.LongestAge, new FakeTimeProvider());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallsThatComeTogether_ShareALookUp()
    {
        TaskCompletionSource gate = new();
        _store.Delay = _ => gate.Task;
        MeasurementReader reader = NewReader();
        Task<MeasurementEntry>[] calls = [.. Enumerable.Range(0, 50).Select(_ => FindAsync(reader, "default", Image))];

        gate.SetResult();

        Assert.Single((await Task.WhenAll(calls)).Distinct());
        Assert.Equal(1, _store.Lookups);
    }

    [Fact]
    public async Task AnotherQuestion_HasALookUpOfItsOwn()
    {
        MeasurementReader reader = NewReader();
        await FindAsync(reader, "default", Image, Other);
        Assert.Equal(Other, (await FindAsync(reader, "default", Other, Other)).Measurement);
        Assert.Equal(3, await LookupsAfterAsync(FindAsync(reader, "another", Image, Other)));
        Assert.Equal(4, await LookupsAfterAsync(FindAsync(reader, "default", Image)));
        Assert.Equal(5, await LookupsAfterAsync(FindAsync(reader, "default", Image, Image)));
        Assert.Equal(6, await LookupsAfterAsync(FindAsync(reader, "default", Image, Other, Image)));
        Assert.Equal(7, await LookupsAfterAsync(FindAsync(reader, "default", Image, Image, Other)));

        // The same as the first, and so served by it.
        Assert.Equal(7, await LookupsAfterAsync(FindAsync(reader, "default", Image, Other)));
    }

    [Fact]
    public async Task Revocation_IsKnownToWhoAsksAnew()
    {
        MeasurementReader reader = NewReader();
        await _store.CreateAsync(Samples.Creation(Samples.Value("image", Image)), null, Ct);
        Assert.Null((await FindAsync(reader, "default", Image)).Tombstone);
        await _store.ChangeStateAsync(Samples.Revoke("image"), null, Ct);

        Assert.NotNull((await reader.FindAsync("default", Image, [], _moments.Anew(), Ct)).Tombstone);
        Assert.NotNull((await FindAsync(reader, "default", Image)).Tombstone);
    }

    private Task<MeasurementEntry> FindAsync(MeasurementReader reader, string tenant, Digest384 measurement, params List<Digest384> signers) =>
        reader.FindAsync(tenant, measurement, signers, _moments.Now(), Ct);

    private async Task<int> LookupsAfterAsync(Task<MeasurementEntry> call)
    {
        await call;
        return _store.Lookups;
    }

    private MeasurementReader NewReader() => new(_store, _moments);
}
