using Microsoft.Extensions.Time.Testing;
using Verifier.Service.Documents;
using Verifier.Service.Policies;
using Verifier.Service.Registry;
using Verifier.Tests.Hosting;
using Verifier.Tests.Storage;

namespace Verifier.Tests.Registry;

/// <summary>One reading serves every call that began before it, and no other.</summary>
public class TenantReaderTests
{
    private readonly InMemoryDocuments _documents = new();
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithinACall_ItIsReadOnce()
    {
        TenantReader reader = NewReader();
        long since = reader.Now;

        TenantDocuments first = await reader.ReadAsync("default", since, Ct);

        Assert.Same(first, await reader.ReadAsync("default", since, Ct));
        Assert.Equal(2, _documents.Reads);
    }

    [Fact]
    public async Task WhatWasChangedBeforeACall_IsKnownToIt()
    {
        TenantReader reader = NewReader();
        Assert.Null((await reader.ReadAsync("default", reader.Now, Ct)).Policy);
        for (int version = 1; version <= 20; version++)
        {
            await PutAsync(version);

            Assert.Equal(version, (await reader.ReadAsync("default", reader.Now, Ct)).Policy?.Version);
        }
    }

    [Fact]
    public async Task ReadingUnderWay_DoesNotServeACallThatComesLater()
    {
        TaskCompletionSource gate = new();
        _documents.Delay = _ => gate.Task;
        TenantReader reader = NewReader();
        Task<TenantDocuments> early = reader.ReadAsync("default", reader.Now, Ct);
        Task<TenantDocuments>[] late = [.. Enumerable.Range(0, 50).Select(_ => reader.ReadAsync("default", reader.Now, Ct))];
        Assert.All(late, l => Assert.False(l.IsCompleted));

        _documents.Delay = null;
        gate.SetResult();

        TenantDocuments[] read = await Task.WhenAll(late);
        Assert.Single(read.Distinct());
        Assert.NotSame(await early, read[0]);
        Assert.Equal(4, _documents.Reads);
    }

    [Fact]
    public async Task F01_HangingReading_HoldsNobodyElseUp()
    {
        TaskCompletionSource never = new();
        _documents.Delay = _ => never.Task;
        TenantReader reader = NewReader();
        Task<TenantDocuments> hanging = reader.ReadAsync("default", reader.Now, Ct);
        Task<TenantDocuments> queued = reader.ReadAsync("default", reader.Now, Ct);

        _documents.Delay = null;
        _clock.Advance(TimeSpan.FromMilliseconds(10));
        await queued.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        await reader.ReadAsync("default", reader.Now, Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct);

        Assert.False(hanging.IsCompleted);
        never.SetResult();
        await hanging;
    }

    [Fact]
    public async Task Fault_IsToldToWhoeverWaits_AndTheNextCallReadsAnew()
    {
        _documents.Fault = new StoreUnavailableException("away");
        TenantReader reader = NewReader();
        long since = reader.Now;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => reader.ReadAsync("default", since, Ct));

        _documents.Fault = null;

        Assert.NotNull(await reader.ReadAsync("default", since, Ct));
    }

    [Fact]
    public async Task Caller_LeavesWithoutEndingTheReading()
    {
        TaskCompletionSource gate = new();
        _documents.Delay = _ => gate.Task;
        TenantReader reader = NewReader();
        long since = reader.Now;
        using CancellationTokenSource leaving = new();
        Task<TenantDocuments> left = reader.ReadAsync("default", since, leaving.Token), stays = reader.ReadAsync("default", since, Ct);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.SetResult();
        Assert.NotNull(await stays);
    }

    [Fact]
    public async Task TenantsThatAreNamed_AreKeptInABoundedNumber()
    {
        TenantReader reader = NewReader();
        for (int i = 0; i < 5000; i++)
        {
            await reader.ReadAsync($"tenant-{i}", reader.Now, Ct);
            Assert.InRange(reader.Kept, 1, 1000);
        }
    }

    private TenantReader NewReader() => new(_documents, new NoGuard(), _clock);

    private Task<DocumentOutcome> PutAsync(int version) => _documents.ChangeAsync(
        new("default", DocumentKind.Policy, PolicyNames.InForce, DocumentStep.Put, new byte[] { (byte)version }, null, Actor.Named("operator"), Samples.Noon), null, Ct);
}
