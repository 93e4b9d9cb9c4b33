using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using Microsoft.Extensions.DependencyInjection;
using Verifier.Contracts.V1;
using Verifier.Service.Health;
using Verifier.Service.Kds;
using Verifier.Service.Log;
using Verifier.Service.Registry;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Rpc;

/// <summary>Rows of docs/errors.md for which the service itself must be in some state, or the call an unusual one.</summary>
internal static class ErrorSituations
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(b => b, b => b);

    public static IReadOnlyDictionary<string, Func<TestService, Task>> All { get; } = new Dictionary<string, Func<TestService, Task>>
    {
        ["message-many-fields"] = s => SendAsync(s, "Verify", [.. Enumerable.Repeat(new byte[] { 0x0A, 0x00 }, 5000).SelectMany(b => b)]),
        ["message-malformed"] = s => SendAsync(s, "Verify", [0x0A, 0xFF]),
        ["method-unknown"] = s => SendAsync(s, "Nothing", []),
        ["message-compressed"] = async s =>
        {
            GrpcChannel channel = s.Channel(options: new GrpcChannelOptions { CompressionProviders = [new GzipCompressionProvider(CompressionLevel.Fastest)] });
            await new VerifierService.VerifierServiceClient(channel).VerifyAsync(Requests.Verify(), new Metadata { { "grpc-internal-encoding-request", "gzip" } });
        },
        ["store-away"] = s =>
        {
            s.Store.Fault = new StoreUnavailableException("redis at 10.0.0.1 is away");
            return VerifyAsync(s);
        },
        ["challenge-store-away"] = async s =>
        {
            s.Challenges.Fault = new StoreUnavailableException("redis at 10.0.0.1 is away");
            await s.Verifier.CreateChallengeAsync(new());
        },
        ["store-unfit"] = s =>
        {
            s.Store.Fault = new StoreUnfitException("redis at 10.0.0.1: appendonly is no", null, "appendonly of Redis must be yes");
            s.ExpectedErrors.Add(2002);
            return VerifyAsync(s);
        },
        ["not-durable"] = s =>
        {
            s.Store.Fault = new StoreNotDurableException("redis at 10.0.0.1 has one replica");
            return VerifyAsync(s);
        },
        ["log-not-loaded"] = s => GuardedAsync(s, new LogNotLoadedException("default")),
        ["log-rolled-back"] = s => GuardedAsync(s, new LogRefusedException("default", new LogFault(LogFault.RolledBack, "redis at 10.0.0.1"))),
        ["log-broken"] = s => GuardedAsync(s, new LogRefusedException("default", new LogFault(LogFault.Broken, "redis at 10.0.0.1"))),
        ["record-contradicts-log"] = s => GuardedAsync(s, new LogRefusedException("default", new LogFault(LogFault.Contradicted, "redis at 10.0.0.1"))),
        ["kds-throttled"] = s =>
        {
            s.Certificates.Fault = new KdsUnavailableException("KDS_THROTTLED", "429 from https://kds.internal", TimeSpan.FromSeconds(10));
            return VerifyAsync(s);
        },
        ["kds-caller-limit"] = s =>
        {
            s.Certificates.Fault = new KdsUnavailableException("KDS_CALLER_LIMIT", "429 from https://kds.internal", TimeSpan.FromSeconds(10));
            return VerifyAsync(s);
        },
        ["kds-offline"] = s =>
        {
            s.Certificates.Fault = new KdsUnavailableException("KDS_OFFLINE", "offline", null);
            return VerifyAsync(s);
        },
        ["token-unreadable"] = async s =>
        {
            File.Delete(Path.Combine(s.Folder, "token"));
            s.ExpectedErrors.Add(2005);
            await s.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar);
        },
        ["defect"] = s =>
        {
            s.Store.Delay = _ => throw new InvalidOperationException("secret path /etc/verifier");
            s.ExpectedErrors.Add(2000);
            return VerifyAsync(s);
        },
    };

    private static Task GuardedAsync(TestService service, Exception fault)
    {
        service.Guard.Fault = fault;
        return VerifyAsync(service);
    }

    /// <summary>Situations that take a service of their own making.</summary>
    public static async Task NotReadyAsync()
    {
        await using TestService service = await TestService.StartAsync(configure: builder =>
        {
            ServiceDescriptor selfTest = builder.Services.Single(d => d.ImplementationType == typeof(SelfTestService));
            builder.Services.Remove(selfTest);
        });
        await VerifyAsync(service);
    }

    /// <summary>Asks for a log without entries.</summary>
    public static async Task OfTheLogAsync(Func<LogService.LogServiceClient, Task> call)
    {
        string directory = Directory.CreateTempSubdirectory("verifier-log-").FullName;
        await using TestService service = await TestService.StartAsync([$"--Store:DataDirectory={directory}"]);
        await call(new LogService.LogServiceClient(service.Channel()));
    }

    public static async Task TooManyChallengesAsync()
    {
        await using TestService service = await TestService.StartAsync(["--Challenges:MaxOutstanding=1"]);
        await service.Verifier.CreateChallengeAsync(new());
        await service.Verifier.CreateChallengeAsync(new());
    }

    private static async Task VerifyAsync(TestService service) => await service.Verifier.VerifyAsync(Requests.Verify());

    private static async Task SendAsync(TestService service, string method, byte[] message)
    {
        Method<byte[], byte[]> call = new(MethodType.Unary, "verifier.v1.VerifierService", method, Raw, Raw);
        await service.Channel().CreateCallInvoker().AsyncUnaryCall(call, null, new CallOptions(), message);
    }
}
