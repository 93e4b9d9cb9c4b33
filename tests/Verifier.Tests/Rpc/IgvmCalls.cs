using Google.Protobuf;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.TestKit.Igvm;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Rpc;

/// <summary>Registrations from files, good ones of which a test spoils one thing.</summary>
internal static class IgvmCalls
{
    private const int Chunk = 64 << 10;

    public static IgvmRegistration Registration(string id = "coconut-svsm-2026-11") => new()
    {
        ReferenceValueId = id,
        Image = "coconut-svsm",
        Version = "2026.11",
        Kind = LaunchKind.SvsmIgvm,
    };

    public static async Task<ReferenceValue> RegisterAsync(TestService service, IgvmRegistration? registration = null, byte[]? file = null)
    {
        file ??= SampleIgvm.Build();
        List<RegisterIgvmRequest> messages = [new() { Registration = registration ?? Registration() }];
        messages.AddRange(file.Chunk(Chunk).Select(c => new RegisterIgvmRequest { Chunk = ByteString.CopyFrom(c) }));
        return await SendAsync(service, messages);
    }

    public static async Task<ReferenceValue> SendAsync(TestService service, IEnumerable<RegisterIgvmRequest> messages)
    {
        using AsyncClientStreamingCall<RegisterIgvmRequest, RegisterIgvmResponse> call = service.Registry.RegisterIgvm(TestService.Registrar);
        try
        {
            foreach (RegisterIgvmRequest message in messages)
            {
                await call.RequestStream.WriteAsync(message, TestContext.Current.CancellationToken);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // Refused before all was sent; the answer says why.
        }

        return (await call).ReferenceValue;
    }

    /// <summary>Spoilt registrations, for docs/errors.md.</summary>
    public static IReadOnlyDictionary<string, Func<TestService, Task>> Spoilt { get; } = new Dictionary<string, Func<TestService, Task>>
    {
        ["file-absent"] = s => SendAsync(s, []),
        ["file-undescribed"] = s => SendAsync(s, [new() { Chunk = Requests.Bytes(Chunk) }]),
        ["file-described-twice"] = s => SendAsync(s, [new() { Registration = Registration() }, new() { Registration = Registration() }]),
        ["file-kind"] = s => WithAsync(s, r => r.Kind = LaunchKind.Ovmf),
        ["file-launch-unknown"] = s => WithAsync(s, r => r.Launches.Add(new IgvmLaunch { Profile = "xen" })),
        ["file-launch-vmsas"] = s => WithAsync(s, r => r.Launches.Add(new IgvmLaunch { Profile = "spec", Vmsas = 0 })),
        ["file-launches-many"] = s => WithAsync(s, r => r.Launches.Add(Enumerable.Repeat(new IgvmLaunch { Profile = "spec" }, 65))),
        ["file-policy"] = s => WithAsync(s, r => r.Constraints = new Constraints { GuestPolicy = new GuestPolicyRule { Required = 1UL << 18 } }),
        ["file-asserted-zero"] = s => WithAsync(s, r => r.AssertedDigests.Add(Requests.Bytes(48, 0))),
        ["file-asserted-differs"] = s => WithAsync(s, r => r.AssertedDigests.Add(Requests.Bytes(48))),
        ["file-sha384-differs"] = s => WithAsync(s, r => r.Provenance = new Provenance { FileSha384 = Requests.Bytes(48) }),
        ["file-size-differs"] = s => WithAsync(s, r => r.Provenance = new Provenance { FileSize = 1 }),
        ["file-size-large"] = s => WithAsync(s, r => r.Provenance = new Provenance { FileSize = (64 << 20) + 1 }),
        ["file-chunk-empty"] = s => SendAsync(s, [new() { Registration = Registration() }, new() { Chunk = ByteString.Empty }]),
        ["file-chunk-small"] = s => SendAsync(s, [new() { Registration = Registration() }, new() { Chunk = Requests.Bytes(9) }, new() { Chunk = Requests.Bytes(9) }]),
        ["file-chunk-large"] = s => SendAsync(s, [new() { Registration = Registration() }, new() { Chunk = Requests.Bytes(2 << 20) }]),
        ["file-malformed"] = s => RegisterAsync(s, file: Patched(0, 0)),
        ["file-not-measurable"] = s => WithAsync(s, r => r.Launches.Add(new IgvmLaunch { Profile = "spec", Vmsas = 2 }), Stateless()),
    };

    public static async Task TooLargeAsync()
    {
        await using TestService service = await TestService.StartAsync(["--Registry:Igvm:MaxFileBytes=131072"]);
        await SendAsync(service, Enumerable.Repeat(new RegisterIgvmRequest { Chunk = Requests.Bytes(Chunk) }, 3).Prepend(new() { Registration = Registration() }));
    }

    public static async Task BusyAsync()
    {
        await using TestService service = await TestService.StartAsync(["--Registry:Igvm:MaxAtOnce=1"]);
        using AsyncClientStreamingCall<RegisterIgvmRequest, RegisterIgvmResponse> one = service.Registry.RegisterIgvm(TestService.Registrar);
        using AsyncClientStreamingCall<RegisterIgvmRequest, RegisterIgvmResponse> other = service.Registry.RegisterIgvm(TestService.Registrar);
        await TryWriteAsync(one.RequestStream, new() { Registration = Registration("one") });
        await TryWriteAsync(other.RequestStream, new() { Registration = Registration("other") });

        // Neither sends its file, so whichever came first keeps the place, and only the one that came second is answered.
        await await Task.WhenAny(one.ResponseAsync, other.ResponseAsync);
    }

    /// <summary>Sends what the service may have refused before; the answer says why.</summary>
    public static async Task TryWriteAsync<T>(IClientStreamWriter<T> stream, T message)
    {
        try
        {
            await stream.WriteAsync(message, TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // There is an answer already.
        }
    }

    public static byte[] Patched(int offset, byte value)
    {
        byte[] file = SampleIgvm.Build();
        file[offset] = value;
        return file;
    }

    private static byte[] Stateless() => new SevSnp.Igvm.IgvmBuilder()
        .Platform(SevSnp.Igvm.IgvmPlatformType.SevSnp, 1)
        .Page(0x1000, 1, new byte[4096])
        .Build();

    private static Task<ReferenceValue> WithAsync(TestService service, Action<IgvmRegistration> spoil, byte[]? file = null)
    {
        IgvmRegistration registration = Registration();
        spoil(registration);
        return RegisterAsync(service, registration, file);
    }
}
