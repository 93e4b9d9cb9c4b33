using System.Text;
using SevSnp.Primitives;
using Verifier.Service.Registry;
using Verifier.Service.Storage;

namespace Verifier.Tests.Storage;

/// <summary>
/// What every store owes. One derived class per store says how to open it (a second instance, or the same data after a restart) and
/// how to put raw bytes where a record is.
/// </summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    private readonly List<IStore> _opened = [];

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected IStore Store { get; private set; } = null!;

    private protected IReferenceValueStore References => Store.References;

    public async ValueTask InitializeAsync()
    {
        await PrepareAsync();
        Store = Track(Open());
        await ReadyAsync(Store);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IStore store in _opened)
        {
            await store.DisposeAsync();
        }

        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract ValueTask PrepareAsync();

    private protected abstract ValueTask CleanUpAsync();

    private protected abstract IStore Open();

    /// <summary>Waits for what a first call may have to wait for.</summary>
    private protected virtual Task ReadyAsync(IStore store) => Task.CompletedTask;

    /// <summary>Puts the clock forward for whatever decides that something expired.</summary>
    private protected abstract Task PassAsync(TimeSpan time);

    private protected abstract Task OverwriteValueAsync(string id, byte[] bytes);

    private protected abstract Task OverwriteTombstoneAsync(Digest384 measurement, byte[] bytes);

    private protected abstract Task OverwriteLeafAsync(long index, byte[] bytes);

    private protected abstract Task IndexAsync(Digest384 measurement, string id);

    private protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        _opened.Remove(Store);
        Store = Track(Open());
        await ReadyAsync(Store);
    }

    private protected IStore Track(IStore store)
    {
        _opened.Add(store);
        return store;
    }

    private protected async Task<StoredReferenceValue> CreatedAsync(StoredReferenceValue value, RequestKey? request = null) =>
        Assert.IsType<ChangeOutcome.Done>(await WitnessedAsync(() => References.CreateAsync(value, request, Ct))).Value;

    private protected async Task<StoredReferenceValue> ChangedAsync(StateChange change, RequestKey? request = null) =>
        Assert.IsType<ChangeOutcome.Done>(await WitnessedAsync(() => References.ChangeStateAsync(change, request, Ct))).Value;

    // Where the log is not read in two seconds, as on a busy machine, nothing was changed, and a caller is told to come back.
    private static async Task<T> WitnessedAsync<T>(Func<Task<T>> change)
    {
        for (int tried = 0; ; tried++)
        {
            try
            {
                return await change();
            }
            catch (Service.Log.LogNotLoadedException) when (tried < 30)
            {
            }
        }
    }

    private protected static bool Usable(MeasurementEntry entry) => entry.Tombstone is null && entry.Values.Any(v => v.Value.IsUsable(Samples.Noon));

    private protected static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
