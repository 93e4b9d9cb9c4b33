using Microsoft.Extensions.Time.Testing;
using Verifier.Service.Documents;
using Verifier.Service.Policies;
using Verifier.Service.Registry;
using Verifier.Tests.Hosting;
using Verifier.Tests.Storage;

namespace Verifier.Tests.Registry;

/// <summary>What a tenant is decided by is read once for all calls that one reading serves.</summary>
public class TenantReaderTests
{
    private readonly InMemoryDocuments _documents = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly Moments _moments;

    public TenantReaderTests() => _moments = new Moments(Moments.LongestAge, _clock);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithinACall_ItIsReadOnce()
    {
        TenantReader reader = NewReader();
        Moment call = _moments.Now();

        TenantDocuments first = await reader.ReadAsync("default", call, Ct);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Same(first, await reader.ReadAsync("default", call, Ct));
        Assert.Equal(2, _documents.Reads);
    }

    [Fact]
    public async Task WhatWasAcknowledgedBeforeACall_IsKnownToIt()
    {
        TenantReader reader = NewReader();
        Assert.Null((await reader.ReadAsync("default", _moments.Now(), Ct)).Policy);
        for (int version = 1; version <= 20; version++)
        {
            await PutAsync(version);
            await OutliveAsync();

            Assert.Equal(version, (await reader.ReadAsync("default", _moments.Now(), Ct)).Policy?.Version);
        }
    }

    private TenantReader NewReader() => new(_documents, new NoGuard(), _moments, _clock);

    private async Task OutliveAsync()
    {
        Task outlived = _moments.OutliveReadingsAsync();
        while (!outlived.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }
    }

    private Task<DocumentOutcome> PutAsync(int version) => _documents.ChangeAsync(
        new("default", DocumentKind.Policy, PolicyNames.InForce, DocumentStep.Put, new byte[] { (byte)version }, null, Actor.Named("operator"), Samples.Noon), null, Ct);
}
