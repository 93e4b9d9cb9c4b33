using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Verifier.Service.Rpc;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Rpc;

public sealed class MethodRightsTests
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(b => b, b => b);

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task T107_EveryMappedMethod_HasARight(string environment)
    {
        await using TestService service = await TestService.StartAsync([$"--environment={environment}"]);

        string[] methods = [.. Mapped(service)];

        Assert.Contains("/verifier.v1.VerifierService/Verify", methods);
        Assert.Contains("/grpc.health.v1.Health/Check", methods);
        Assert.DoesNotContain(methods, m => MethodRights.Of(m) == Right.None);
    }

    [Fact]
    public void T107_MethodOutsideTheTable_HasNoRight()
    {
        Assert.Equal(Right.None, MethodRights.Of("/verifier.v1.RegistryService/PurgeReferenceValues"));
        Assert.Equal(Right.None, MethodRights.Of("/verifier.v1.registryservice/GetReferenceValue"));
    }

    [Fact]
    public async Task T107_EveryChange_IsRefusedWithoutTheRegistrarsToken()
    {
        await using TestService service = await TestService.StartAsync();
        string[] changes = [.. Mapped(service).Where(m => MethodRights.Of(m) == Right.Registrar)];

        Assert.Equal(7, changes.Length);
        foreach (string path in changes)
        {
            foreach (Metadata headers in new Metadata[] { [], new() { { "authorization", "Bearer wrong" } }, new() { { "authorization", TestService.Token } } })
            {
                RpcException error = await Assert.ThrowsAsync<RpcException>(() => CallAsync(service, path, headers));
                Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
            }

            RpcException asked = await Assert.ThrowsAsync<RpcException>(() => CallAsync(service, path, TestService.Registrar));
            Assert.Equal(StatusCode.InvalidArgument, asked.StatusCode);
        }
    }

    [Theory]
    [InlineData("Production", false)]
    [InlineData("Development", true)]
    public async Task T108_Reflection_IsForDevelopmentOnly(string environment, bool isMapped)
    {
        await using TestService service = await TestService.StartAsync([$"--environment={environment}"]);

        Assert.Equal(isMapped, Mapped(service).Any(m => m.Contains("reflection", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Mapped(TestService service) => ((IEndpointRouteBuilder)service.App).DataSources
        .SelectMany(s => s.Endpoints)
        .Select(e => e.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName)
        .OfType<string>();

    private static async Task CallAsync(TestService service, string path, Metadata headers)
    {
        string[] parts = path.Split('/');
        await service.Channel().CreateCallInvoker().AsyncUnaryCall(new Method<byte[], byte[]>(MethodType.Unary, parts[1], parts[2], Raw, Raw), null, new CallOptions(headers), []);
    }
}
