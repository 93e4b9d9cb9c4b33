using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.TestKit.Identity;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Rpc;

/// <summary>Rows of docs/errors.md that take an issuer of tokens, or a service that others can reach.</summary>
internal static class IdentityErrors
{
    /// <summary>An address of this machine that is not loopback; null when it has none.</summary>
    public static IPAddress? OutsideAddress { get; } = NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(i => i.GetIPProperties().UnicastAddresses)
        .Select(a => a.Address)
        .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));

    public static Task RefusedAsync() => WithTokenAsync((_, token) => token.With("aud", "another"));

    public static Task RoleMissingAsync() => WithTokenAsync((_, token) => token);

    public static Task IssuerAwayAsync() => WithTokenAsync((issuer, token) =>
    {
        issuer.Answer = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        return token;
    });

    public static async Task ExposedAsync()
    {
        Assert.SkipWhen(OutsideAddress is null, "This machine has no address but loopback.");
        await using TestService service = await TestService.StartAsync(["--Server:Address=*", "--Server:UnsafePlaintext=true"]);
        RegistryService.RegistryServiceClient outside = new(service.Channel($"http://{OutsideAddress}:{new Uri(service.Address).Port}"));
        await outside.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar);
    }

    private static async Task WithTokenAsync(Func<FakeIssuer, TokenDraft, TokenDraft> change)
    {
        await using FakeIssuer issuer = await FakeIssuer.StartAsync(new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestKit.VirtualAmd.Now));
        await using TestService service = await TestService.StartAsync(issuer.Settings("Other"));
        Metadata headers = new() { { "authorization", $"Bearer {change(issuer, issuer.Token())}" } };
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), headers);
    }
}
