using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

/// <summary>A service on a real socket that answers what a test wants and remembers what it was asked.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeService(WebApplication app, Answers answers, FakeLog log)
    {
        _app = app;
        Answers = answers;
        Log = log;
        Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public Answers Answers { get; }

    public FakeLog Log { get; }

    public string Address { get; }

    public static async Task<FakeService> StartAsync(X509Certificate2? certificate = null)
    {
        Answers answers = new();
        FakeLog log = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => Listen(l, certificate)));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(answers);
        builder.Services.AddSingleton(log);
        WebApplication app = builder.Build();
        app.MapGrpcService<Verifying>();
        app.MapGrpcService<Registry>();
        app.MapGrpcService<Policies>();
        app.MapGrpcService<FakeLog>();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new FakeService(app, answers, log);
    }

    private static void Listen(ListenOptions listener, X509Certificate2? certificate)
    {
        listener.Protocols = HttpProtocols.Http2;
        if (certificate is not null)
        {
            listener.UseHttps(certificate);
        }
    }

    public Task<CliResult> RunAsync(params string[] args) => Cli.RunAsync([.. args, "--server", Address]);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class Verifying(Answers answers) : V1.VerifierService.VerifierServiceBase
    {
        public override Task<V1.VerifyResponse> Verify(V1.VerifyRequest request, ServerCallContext context) => answers.Next<V1.VerifyResponse>(request, context);

        public override Task<V1.CreateChallengeResponse> CreateChallenge(V1.CreateChallengeRequest request, ServerCallContext context) =>
            answers.Next<V1.CreateChallengeResponse>(request, context);
    }

    private sealed class Policies(Answers answers) : V1.PolicyService.PolicyServiceBase
    {
        public override Task<V1.ApplyPolicyResponse> ApplyPolicy(V1.ApplyPolicyRequest request, ServerCallContext context) => answers.Next<V1.ApplyPolicyResponse>(request, context);

        public override Task<V1.GetPolicyResponse> GetPolicy(V1.GetPolicyRequest request, ServerCallContext context) => answers.Next<V1.GetPolicyResponse>(request, context);

        public override Task<V1.ListPoliciesResponse> ListPolicies(V1.ListPoliciesRequest request, ServerCallContext context) =>
            answers.Next<V1.ListPoliciesResponse>(request, context);

        public override Task<V1.ListPolicyVersionsResponse> ListPolicyVersions(V1.ListPolicyVersionsRequest request, ServerCallContext context) =>
            answers.Next<V1.ListPolicyVersionsResponse>(request, context);

        public override Task<V1.DeletePolicyResponse> DeletePolicy(V1.DeletePolicyRequest request, ServerCallContext context) =>
            answers.Next<V1.DeletePolicyResponse>(request, context);

        public override Task<V1.EvaluatePolicyResponse> EvaluatePolicy(V1.EvaluatePolicyRequest request, ServerCallContext context) =>
            answers.Next<V1.EvaluatePolicyResponse>(request, context);
    }

    private sealed class Registry(Answers answers) : V1.RegistryService.RegistryServiceBase
    {
        public override Task<V1.CreateReferenceValueResponse> CreateReferenceValue(V1.CreateReferenceValueRequest request, ServerCallContext context) =>
            answers.Next<V1.CreateReferenceValueResponse>(request, context);

        public override Task<V1.ObserveReferenceValueResponse> ObserveReferenceValue(V1.ObserveReferenceValueRequest request, ServerCallContext context) =>
            answers.Next<V1.ObserveReferenceValueResponse>(request, context);

        public override async Task<V1.RegisterIgvmResponse> RegisterIgvm(IAsyncStreamReader<V1.RegisterIgvmRequest> requestStream, ServerCallContext context)
        {
            List<byte> file = [];
            V1.IgvmRegistration? registration = null;
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                if (registration is null)
                {
                    registration = requestStream.Current.Registration;
                    await answers.Upload(context);
                }

                file.AddRange(requestStream.Current.Chunk);
            }

            answers.File = [.. file];
            return await answers.Next<V1.RegisterIgvmResponse>(registration!, context);
        }

        public override async Task<V1.RegisterFirmwareResponse> RegisterFirmware(IAsyncStreamReader<V1.RegisterFirmwareRequest> requestStream, ServerCallContext context)
        {
            List<byte> firmware = [], svsm = [];
            V1.FirmwareRegistration? registration = null;
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                registration ??= requestStream.Current.Registration;
                firmware.AddRange(requestStream.Current.FirmwareChunk);
                svsm.AddRange(requestStream.Current.SvsmChunk);
            }

            (answers.File, answers.Svsm) = ([.. firmware], [.. svsm]);
            return await answers.Next<V1.RegisterFirmwareResponse>(registration!, context);
        }

        public override Task<V1.GetReferenceValueResponse> GetReferenceValue(V1.GetReferenceValueRequest request, ServerCallContext context) =>
            answers.Next<V1.GetReferenceValueResponse>(request, context);

        public override Task<V1.ListReferenceValuesResponse> ListReferenceValues(V1.ListReferenceValuesRequest request, ServerCallContext context) =>
            answers.Next<V1.ListReferenceValuesResponse>(request, context);

        public override Task<V1.ActivateReferenceValueResponse> ActivateReferenceValue(V1.ActivateReferenceValueRequest request, ServerCallContext context) =>
            answers.Next<V1.ActivateReferenceValueResponse>(request, context);

        public override Task<V1.DeprecateReferenceValueResponse> DeprecateReferenceValue(V1.DeprecateReferenceValueRequest request, ServerCallContext context) =>
            answers.Next<V1.DeprecateReferenceValueResponse>(request, context);

        public override Task<V1.RevokeReferenceValueResponse> RevokeReferenceValue(V1.RevokeReferenceValueRequest request, ServerCallContext context) =>
            answers.Next<V1.RevokeReferenceValueResponse>(request, context);

        public override Task WatchReferenceValues(
            V1.WatchReferenceValuesRequest request, IServerStreamWriter<V1.WatchReferenceValuesResponse> responseStream, ServerCallContext context)
        {
            answers.Watching = context;
            return answers.Watch(request, responseStream, context.CancellationToken);
        }

        public override Task<V1.LookupMeasurementResponse> LookupMeasurement(V1.LookupMeasurementRequest request, ServerCallContext context) =>
            answers.Next<V1.LookupMeasurementResponse>(request, context);
    }
}
