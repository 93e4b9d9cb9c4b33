using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Verifier.Service.Admission;
using Verifier.Service.Rpc;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Rpc;

/// <summary>T94: every method there is has its lane. What is found among the mapped methods is tested; nothing is listed by hand.</summary>
public sealed class MethodLanesTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task T94_EveryMappedMethod_HasALane(string environment)
    {
        await using TestService service = await TestService.StartAsync([$"--environment={environment}"]);

        IMethod[] methods = [.. ((IEndpointRouteBuilder)service.App).DataSources
            .SelectMany(s => s.Endpoints).Select(e => e.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method).OfType<IMethod>().DistinctBy(m => m.FullName)];

        Assert.True(methods.Length > 30);
        Assert.DoesNotContain(methods, m => MethodLanes.Of(m.FullName) is null);
        Assert.All(methods, m => Assert.Equal(m.Type != MethodType.Unary && MethodLanes.Of(m.FullName)!.Lane is not null, MethodLanes.Of(m.FullName)!.IsStream));
        Assert.All(
            methods.Where(m => MethodLanes.Of(m.FullName)!.Lane is null),
            m => Assert.Contains(m.ServiceName, new[] { "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection", "grpc.reflection.v1.ServerReflection" }));
    }

    [Fact]
    public void MethodOutsideTheTable_HasNone() => Assert.Null(MethodLanes.Of("/verifier.v1.RegistryService/PurgeReferenceValues"));

    [Theory]
    [InlineData("/verifier.v1.RegistryService/RevokeReferenceValue")]
    [InlineData("/verifier.v1.RegistryService/DeprecateReferenceValue")]
    [InlineData("/verifier.v1.IdentityRuleService/DeleteIdentityRule")]
    [InlineData("/verifier.v1.PolicyService/ApplyPolicy")]
    public void WhatMayTakeTrustAway_GoesFirst(string method) => Assert.Equal(Lane.Revocation, MethodLanes.Of(method)!.Lane);
}
