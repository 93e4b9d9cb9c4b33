using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Tests.Hosting;
using Role = Verifier.Service.Identity.Rules.Role;
using TenantSettings = Verifier.Service.Identity.Tenants.TenantSettings;

namespace Verifier.Tests.Rpc;

/// <summary>Who may do what, through the whole service.</summary>
public sealed class AuthorizationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loopback_VerifiesAndReadsWithoutIdentity_AndChangesNothing()
    {
        await using TestService service = await TestService.StartAsync();

        await service.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);
        await service.Registry.ListReferenceValuesAsync(new(), cancellationToken: Cancellation);
        Assert.Equal(StatusCode.Unauthenticated, await Refused(() => service.Registry.CreateReferenceValueAsync(Requests.Create(), cancellationToken: Cancellation)));
    }

    // Whoever shows something wrong is not taken for somebody who showed nothing.
    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Basic YTpi")]
    [InlineData("Bearer a.b.c")]
    public async Task Loopback_RefusesWrongCredentials_EvenWhereNoneAreNeeded(string header)
    {
        await using TestService service = await TestService.StartAsync();

        Assert.Equal(StatusCode.Unauthenticated, await Refused(() => service.Verifier.VerifyAsync(Requests.Verify(), new Metadata { { "authorization", header } }, cancellationToken: Cancellation)));
        Assert.Equal(0, service.Store.Lookups);
    }

    [Fact]
    public async Task TwoHeaders_AreNoIdentity()
    {
        await using TestService service = await TestService.StartAsync();
        Metadata headers = new() { { "authorization", $"Bearer {TestService.Token}" }, { "authorization", "Bearer other" } };

        Assert.Equal(StatusCode.Unauthenticated, await Refused(() => service.Registry.CreateReferenceValueAsync(Requests.Create(), headers, cancellationToken: Cancellation)));
    }

    [Fact]
    public async Task TenantThatAsksForIdentities_IsAskedForThemOnLoopbackToo()
    {
        await using ReachableService reachable = await ReachableService.StartAsync("--Server:Address=127.0.0.1");
        await reachable.SetAsync("default", new TenantSettings { VerifyNeedsIdentity = true });
        await reachable.GrantAsync("default", "relying-party", "", Role.Verifier);

        Assert.Equal(StatusCode.Unauthenticated, await Refused(() => reachable.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.PermissionDenied, await Refused(() => reachable.Verifier.VerifyAsync(Requests.Verify(), reachable.As("nobody"), cancellationToken: Cancellation)));
        await reachable.Verifier.VerifyAsync(Requests.Verify(), reachable.As("relying-party"), cancellationToken: Cancellation);
    }

    [Fact]
    public async Task OpenTenant_LetsAnyoneVerify_AndNothingElse()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        Assert.Equal(StatusCode.Unauthenticated, await Refused(() => reachable.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation)));

        await reachable.SetAsync("default", new TenantSettings { OpenToAnyone = true });
        await reachable.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);
        await reachable.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation);
        Assert.Equal(StatusCode.Unauthenticated, await Refused(() => reachable.Registry.ListReferenceValuesAsync(new(), cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.Unauthenticated, await Refused(() => reachable.Registry.CreateReferenceValueAsync(Requests.Create(), cancellationToken: Cancellation)));

        await reachable.SetAsync("default", TenantSettings.Default);
        Assert.Equal(StatusCode.Unauthenticated, await Refused(() => reachable.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation)));
    }

    [Fact]
    public async Task FirstMessageOfAStream_IsDecidedByWhatHoldsWhenItComes()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        await reachable.SetAsync("default", new TenantSettings { OpenToAnyone = true });
        VerifierService.VerifierServiceClient client = reachable.Verifier;
        using AsyncDuplexStreamingCall<VerifyStreamRequest, VerifyStreamResponse> stream = client.VerifyStream(cancellationToken: Cancellation);
        await client.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation);

        // What another call read since the stream began is older than this.
        await reachable.SetAsync("default", TenantSettings.Default);
        await stream.RequestStream.WriteAsync(new VerifyStreamRequest { Id = "1", Request = Requests.Verify() }, Cancellation);

        Assert.True(await stream.ResponseStream.MoveNext(Cancellation));
        Assert.Equal((int)StatusCode.Unauthenticated, stream.ResponseStream.Current.Error.Code);
    }

    [Fact]
    public async Task Change_CarriesWhoMadeIt()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        await reachable.GrantAsync("default", "ci", "", Role.Registrar);

        CreateReferenceValueResponse created = await reachable.Registry.CreateReferenceValueAsync(Requests.Create(), reachable.As("ci"), cancellationToken: Cancellation);
        CreateReferenceValueResponse byAdmin = await reachable.Registry.CreateReferenceValueAsync(Requests.Create("second"), TestService.Registrar, cancellationToken: Cancellation);

        Assert.Equal($"{reachable.Issuer.Name} ci", created.ReferenceValue.Registrar);
        Assert.Equal("admin", byAdmin.ReferenceValue.Registrar);
    }

    [Fact]
    public async Task RemovedRule_GivesNothingFromTheNextCallOn()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        await reachable.GrantAsync("default", "ci", "", Role.Registrar);
        await reachable.Registry.CreateReferenceValueAsync(Requests.Create("a"), reachable.As("ci"), cancellationToken: Cancellation);

        await reachable.WithdrawAsync("default", "ci");

        Assert.Equal(StatusCode.PermissionDenied, await Refused(() => reachable.Registry.CreateReferenceValueAsync(Requests.Create("b"), reachable.As("ci"), cancellationToken: Cancellation)));
    }

    [Fact]
    public async Task T68_Prefix_BoundsWhatARegistrarMayName()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        await reachable.GrantAsync("default", "ci", "team-a-", Role.Registrar);
        Metadata ci = reachable.As("ci");
        await reachable.Registry.CreateReferenceValueAsync(Requests.Create("team-b-1"), TestService.Registrar, cancellationToken: Cancellation);

        await reachable.Registry.CreateReferenceValueAsync(Requests.Create("team-a-1"), ci, cancellationToken: Cancellation);
        await reachable.Registry.DeprecateReferenceValueAsync(new() { Name = Requests.Name("team-a-1") }, ci, cancellationToken: Cancellation);
        await reachable.Registry.GetReferenceValueAsync(new() { Name = Requests.Name("team-b-1") }, ci, cancellationToken: Cancellation);

        Assert.Equal(StatusCode.PermissionDenied, await Refused(() => reachable.Registry.CreateReferenceValueAsync(Requests.Create("team-b-2"), ci, cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.PermissionDenied, await Refused(() => reachable.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("team-b-1"), Reason = "x" }, ci, cancellationToken: Cancellation)));
        Assert.Equal(StatusCode.PermissionDenied, await RegisterAsync(reachable, ci, new() { Registration = new() { ReferenceValueId = "team-b-3" } }));
        Assert.Equal(StatusCode.InvalidArgument, await RegisterAsync(reachable, ci, new() { Registration = new() { ReferenceValueId = "team-a-3" } }));
    }

    [Fact]
    public async Task T78_StreamForAnotherTenant_IsRefusedByItsFirstMessage()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        await reachable.SetAsync("other", TenantSettings.Default);
        await reachable.GrantAsync("default", "ci", "", Role.Registrar);
        Metadata ci = reachable.As("ci");

        Assert.Equal(StatusCode.PermissionDenied, await RegisterAsync(reachable, ci, new() { Registration = new() { Parent = "tenants/other" } }));
        Assert.Equal(StatusCode.InvalidArgument, await RegisterAsync(reachable, ci, new() { Registration = new() }));
    }

    // What is there must not show in how a refusal looks.
    [Fact]
    public async Task T106_T107_Refusal_IsTheSameWhetherTheResourceOrTheTenantIsThere()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        await reachable.SetAsync("other", TenantSettings.Default);
        await reachable.Registry.CreateReferenceValueAsync(Requests.Create("there"), TestService.Registrar, cancellationToken: Cancellation);

        HashSet<string> refusals = [];
        foreach (string name in new[] { Requests.Name("there"), Requests.Name("absent"), "tenants/other/referenceValues/x", "tenants/absent/referenceValues/x", "nonsense" })
        {
            RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await reachable.Registry.GetReferenceValueAsync(new() { Name = name }, reachable.As("nobody"), cancellationToken: Cancellation));
            refusals.Add($"{error.Status} {Convert.ToBase64String(error.Trailers.GetValueBytes("grpc-status-details-bin")!)}");
        }

        Assert.Single(refusals);
    }

    [Fact]
    public async Task TenantThatIsNotThere_IsNotFoundByTheAdministratorAlone()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        CreateReferenceValueRequest request = Requests.Create();
        request.Parent = "tenants/absent";

        Assert.Equal(StatusCode.NotFound, await Refused(() => reachable.Registry.CreateReferenceValueAsync(request, TestService.Registrar, cancellationToken: Cancellation)));
        await reachable.SetAsync("absent", TenantSettings.Default);
        CreateReferenceValueResponse created = await reachable.Registry.CreateReferenceValueAsync(request, TestService.Registrar, cancellationToken: Cancellation);
        Assert.StartsWith("tenants/absent/", created.ReferenceValue.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RuleThatCannotBeRead_GivesNothing_AndHindersNoOther()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        reachable.Service.ExpectedErrors.Add(9002);
        await reachable.PutAsync("default", DocumentKind.IdentityRule, "a", """{"v":2}"""u8.ToArray());
        await reachable.GrantAsync("default", "ci", "", Role.Reader);

        await reachable.Registry.ListReferenceValuesAsync(new(), reachable.As("ci"), cancellationToken: Cancellation);
        await reachable.Registry.ListReferenceValuesAsync(new(), reachable.As("ci"), cancellationToken: Cancellation);

        Assert.Single(reachable.Service.Log.Errors);
    }

    [Fact]
    public async Task SettingsThatCannotBeRead_OpenNothing()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        reachable.Service.ExpectedErrors.Add(2002);
        await reachable.PutAsync("default", DocumentKind.Settings, DocumentIds.Settings, """{"v":1,"open_to_anyone":true}"""u8.ToArray());

        Assert.Equal(StatusCode.FailedPrecondition, await Refused(() => reachable.Verifier.VerifyAsync(Requests.Verify(), cancellationToken: Cancellation)));
    }

    [Fact]
    public async Task StoreThatIsAway_IsAnOutage_NotARefusal()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        reachable.Service.Documents.Fault = new StoreUnavailableException("away");

        Assert.Equal(StatusCode.Unavailable, await Refused(() => reachable.Registry.ListReferenceValuesAsync(new(), reachable.As("ci"), cancellationToken: Cancellation)));
    }

    private static async Task<StatusCode> Refused<T>(Func<AsyncUnaryCall<T>> call) => (await Assert.ThrowsAsync<RpcException>(async () => await call())).StatusCode;

    private static async Task<StatusCode> RegisterAsync(ReachableService reachable, Metadata headers, RegisterIgvmRequest message)
    {
        using AsyncClientStreamingCall<RegisterIgvmRequest, RegisterIgvmResponse> call = reachable.Registry.RegisterIgvm(headers, cancellationToken: Cancellation);
        try
        {
            await call.RequestStream.WriteAsync(message, Cancellation);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // Told by the answer.
        }

        return (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode;
    }
}
