using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Tests.Hosting;
using State = Verifier.Contracts.V1.ReferenceValue.Types.State;

namespace Verifier.Tests.Rpc;

public sealed class RegistryRpcTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Life_GoesItsSteps_EachWithANewEtag()
    {
        await using TestService service = await TestService.StartAsync();
        RegistryService.RegistryServiceClient registry = service.Registry;
        ReferenceValue created = (await registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation)).ReferenceValue;

        ReferenceValue deprecated = (await registry.DeprecateReferenceValueAsync(
            new() { Name = created.Name, Etag = created.Etag }, TestService.Registrar, cancellationToken: Cancellation)).ReferenceValue;
        ReferenceValue active = (await registry.ActivateReferenceValueAsync(
            new() { Name = created.Name, Etag = deprecated.Etag }, TestService.Registrar, cancellationToken: Cancellation)).ReferenceValue;
        ReferenceValue revoked = (await registry.RevokeReferenceValueAsync(
            new() { Name = created.Name, Etag = active.Etag, Reason = "key lost" }, TestService.Registrar, cancellationToken: Cancellation)).ReferenceValue;

        Assert.Equal([State.Active, State.Deprecated, State.Active, State.Revoked], [created.State, deprecated.State, active.State, revoked.State]);
        Assert.Equal(4, new[] { created.Etag, deprecated.Etag, active.Etag, revoked.Etag }.Distinct().Count());
        Assert.Equal("key lost", revoked.RevokeReason);
        LookupMeasurementResponse known = await registry.LookupMeasurementAsync(new() { Digest = created.Measurements[0].Digest }, cancellationToken: Cancellation);
        Assert.Equal(("key lost", created.Name), (known.Revocation.Reason, known.Revocation.ReferenceValue));
        Assert.Equal(revoked, Assert.Single(known.ReferenceValues));
        Assert.Equal(revoked, (await registry.GetReferenceValueAsync(new() { Name = created.Name }, cancellationToken: Cancellation)).ReferenceValue);
    }

    [Fact]
    public async Task RevokedMeasurement_IsRefusedByTheVeryNextVerify()
    {
        await using TestService service = await TestService.StartAsync();
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);
        await service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name(), Reason = "key lost" }, TestService.Registrar, cancellationToken: Cancellation);

        AttestationVerdict verdict = (await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation)).Verdict;

        Assert.Equal(AttestationVerdict.Types.Rejection.Refused, verdict.Rejection);
        Assert.Contains(verdict.Checks, c => c is { Id: "MEASUREMENT_IS_REGISTERED", Status: Check.Types.Status.Failed });
    }

    [Fact]
    public async Task RepeatWithTheSameRequestId_GivesTheFirstAnswer()
    {
        await using TestService service = await TestService.StartAsync();
        CreateReferenceValueRequest request = Requests.Create();
        request.RequestId = Guid.NewGuid().ToString();
        CreateReferenceValueResponse first = await service.Registry.CreateReferenceValueAsync(request, TestService.Registrar, cancellationToken: Cancellation);
        service.Clock.Advance(TimeSpan.FromMinutes(1));

        CreateReferenceValueResponse second = await service.Registry.CreateReferenceValueAsync(request, TestService.Registrar, cancellationToken: Cancellation);

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Pages_AreInOrder_WithoutGapOrRepeat()
    {
        await using TestService service = await TestService.StartAsync();
        string[] ids = [.. Enumerable.Range(0, 7).Select(i => $"value-{i}")];
        foreach (string id in ids.Reverse())
        {
            await service.Registry.CreateReferenceValueAsync(Requests.Create(id), TestService.Registrar, cancellationToken: Cancellation);
        }

        List<string> seen = [];
        ListReferenceValuesRequest request = new() { Parent = "tenants/default", PageSize = 3 };
        do
        {
            ListReferenceValuesResponse page = await service.Registry.ListReferenceValuesAsync(request, cancellationToken: Cancellation);
            Assert.InRange(page.ReferenceValues.Count, 1, 3);
            seen.AddRange(page.ReferenceValues.Select(v => v.Name));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(ids.Select(Requests.Name), seen);
    }

    [Fact]
    public async Task PageSize_BeyondTheLargest_IsLowered()
    {
        await using TestService service = await TestService.StartAsync();
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);

        ListReferenceValuesResponse page = await service.Registry.ListReferenceValuesAsync(new() { PageSize = int.MaxValue }, cancellationToken: Cancellation);

        Assert.Single(page.ReferenceValues);
        Assert.Equal("", page.NextPageToken);
    }

    [Fact]
    public async Task Filter_KeepsOnlyWhatMeetsAll()
    {
        await using TestService service = await TestService.StartAsync();
        await service.Registry.CreateReferenceValueAsync(Requests.Create("one"), TestService.Registrar, cancellationToken: Cancellation);
        await service.Registry.CreateReferenceValueAsync(Requests.Create("two"), TestService.Registrar, cancellationToken: Cancellation);
        await service.Registry.DeprecateReferenceValueAsync(new() { Name = Requests.Name("two") }, TestService.Registrar, cancellationToken: Cancellation);

        ListReferenceValuesResponse page = await service.Registry.ListReferenceValuesAsync(
            new() { Filter = new() { Image = "coconut-svsm", State = State.Deprecated } }, cancellationToken: Cancellation);
        ListReferenceValuesResponse none = await service.Registry.ListReferenceValuesAsync(
            new() { Filter = new() { Image = "other", State = State.Deprecated } }, cancellationToken: Cancellation);

        Assert.Equal([Requests.Name("two")], page.ReferenceValues.Select(v => v.Name));
        Assert.Empty(none.ReferenceValues);
    }

    [Fact]
    public async Task ExchangedToken_HoldsFromTheNextChange()
    {
        await using TestService service = await TestService.StartAsync();
        service.Write("token", "another-token-0123456789abcdef0123456789");

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () =>
            await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        await service.Registry.CreateReferenceValueAsync(
            Requests.Create(), new Metadata { { "authorization", "bearer another-token-0123456789abcdef0123456789" } }, cancellationToken: Cancellation);
    }
}
