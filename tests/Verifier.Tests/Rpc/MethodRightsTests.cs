using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Routing;
using Verifier.Service.Identity.Rules;
using Verifier.Service.Identity.Tenants;
using Verifier.Service.Rpc;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Rpc;

/// <summary>T107: every method there is, with every kind of caller. What is found among the mapped methods is tested; nothing is listed by hand.</summary>
public sealed class MethodRightsTests
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(b => b, b => b);

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task T107_EveryMappedMethod_HasARight(string environment)
    {
        await using TestService service = await TestService.StartAsync([$"--environment={environment}"]);

        string[] methods = [.. Mapped(service).Select(m => m.FullName)];

        Assert.Contains("/verifier.v1.VerifierService/Verify", methods);
        Assert.Contains("/grpc.health.v1.Health/Check", methods);
        Assert.DoesNotContain(methods, m => MethodRights.Of(m) is null);
    }

    [Fact]
    public void T107_MethodOutsideTheTable_HasNoRight()
    {
        Assert.Null(MethodRights.Of("/verifier.v1.RegistryService/PurgeReferenceValues"));
        Assert.Null(MethodRights.Of("/verifier.v1.registryservice/GetReferenceValue"));
    }

    [Fact]
    public async Task T107_OnlyHealth_IsOpenToEverybody()
    {
        await using TestService service = await TestService.StartAsync();

        Assert.All(Mapped(service).Where(m => MethodRights.Of(m.FullName)!.Role == Role.None), m => Assert.Equal("grpc.health.v1.Health", m.ServiceName));
    }

    [Fact]
    public async Task T107_T78_EveryMethod_IsRefusedWithoutItsRole_AndReachedWithIt()
    {
        await using ReachableService reachable = await ReachableService.StartAsync();
        await reachable.SetAsync("other", TenantSettings.Default);
        await reachable.GrantAsync("other", "stranger", "", Role.Admin);
        foreach (Role role in Enum.GetValues<Role>().Where(r => r != Role.None))
        {
            await reachable.GrantAsync("default", role.ToString(), "", role);
        }

        IMethod[] methods = [.. Mapped(reachable.Service).Where(m => MethodRights.Of(m.FullName)!.Role != Role.None)];
        Assert.True(methods.Length >= 12, $"only {methods.Length} methods were found");
        using GrpcChannel channel = reachable.Channel();
        foreach (IMethod method in methods)
        {
            Role needed = MethodRights.Of(method.FullName)!.Role;
            Assert.Equal(StatusCode.Unauthenticated, await CallAsync(channel, method, []));
            Assert.Equal(StatusCode.Unauthenticated, await CallAsync(channel, method, new() { { "authorization", "Bearer wrong" } }));
            Assert.Equal(StatusCode.Unauthenticated, await CallAsync(channel, method, new() { { "authorization", $"Bearer {reachable.Issuer.Token("Admin").With("aud", "another")}" } }));
            Assert.Equal(StatusCode.PermissionDenied, await CallAsync(channel, method, reachable.As("nobody")));
            Assert.Equal(StatusCode.PermissionDenied, await CallAsync(channel, method, reachable.As("stranger")));
            foreach (Role held in Enum.GetValues<Role>().Where(r => r != Role.None))
            {
                StatusCode answer = await CallAsync(channel, method, reachable.As(held.ToString()));
                Assert.True(held.Implies(needed) != answer is StatusCode.PermissionDenied or StatusCode.Unauthenticated, $"{method.FullName} by {held}: {answer}");
            }

            Assert.False(await CallAsync(channel, method, TestService.Registrar) is StatusCode.PermissionDenied or StatusCode.Unauthenticated, method.FullName);
        }
    }

    [Theory]
    [InlineData("Production", false)]
    [InlineData("Development", true)]
    public async Task T108_Reflection_IsForDevelopmentOnly(string environment, bool isMapped)
    {
        await using TestService service = await TestService.StartAsync([$"--environment={environment}"]);

        Assert.Equal(isMapped, Mapped(service).Any(m => m.FullName.Contains("reflection", StringComparison.Ordinal)));
    }

    private static IEnumerable<IMethod> Mapped(TestService service) => ((IEndpointRouteBuilder)service.App).DataSources
        .SelectMany(s => s.Endpoints)
        .Select(e => e.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method)
        .OfType<IMethod>();

    // An empty message, which is one of the default tenant; a method that takes it is reached, whatever it makes of it.
    private static async Task<StatusCode> CallAsync(GrpcChannel channel, IMethod method, Metadata headers)
    {
        Method<byte[], byte[]> raw = new(method.Type, method.ServiceName, method.Name, Raw, Raw);
        CallOptions options = new(headers, DateTime.UtcNow.AddSeconds(60), TestContext.Current.CancellationToken);
        CallInvoker invoker = channel.CreateCallInvoker();
        try
        {
            switch (method.Type)
            {
                case MethodType.Unary:
                    await invoker.AsyncUnaryCall(raw, null, options, []);
                    break;
                case MethodType.ServerStreaming:
                    using (AsyncServerStreamingCall<byte[]> call = invoker.AsyncServerStreamingCall(raw, null, options, []))
                    {
                        // A stream may wait for news; that it began is enough. One that is refused begins, too, and ends at once.
                        Task<bool> first = call.ResponseStream.MoveNext(CancellationToken.None);
                        await Task.WhenAny(first, call.ResponseHeadersAsync);
                        for (int i = 0; i < 20 && !first.IsCompleted; i++)
                        {
                            await Task.WhenAny(first, Task.Delay(25, TestContext.Current.CancellationToken));
                        }

                        return call.ResponseHeadersAsync.IsCompletedSuccessfully && !HasEnded(call.GetStatus) ? StatusCode.OK : call.GetStatus().StatusCode;
                    }

                case MethodType.ClientStreaming:
                    using (AsyncClientStreamingCall<byte[], byte[]> call = invoker.AsyncClientStreamingCall(raw, null, options))
                    {
                        await call.RequestStream.CompleteAsync();
                        await call.ResponseAsync;
                    }

                    break;
                default:
                    using (AsyncDuplexStreamingCall<byte[], byte[]> call = invoker.AsyncDuplexStreamingCall(raw, null, options))
                    {
                        await call.RequestStream.CompleteAsync();
                        await call.ResponseStream.MoveNext(CancellationToken.None);
                    }

                    break;
            }

            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private static bool HasEnded(Func<Status> status)
    {
        try
        {
            status();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
