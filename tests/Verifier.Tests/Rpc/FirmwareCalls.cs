using Google.Protobuf;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.TestKit.Firmware;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Rpc;

/// <summary>Registrations from firmware, good ones of which a test spoils one thing.</summary>
internal static class FirmwareCalls
{
    private const int Chunk = 64 << 10;

    public static byte[] Firmware { get; } = FirmwareImageBuilder.AmdSev(pages: 40).Build();

    public static byte[] Stage1 { get; } = FirmwareImageBuilder.Stage1().Build();

    public static FirmwareRegistration Registration(string id = "edk2-2026") => new()
    {
        ReferenceValueId = id,
        Image = "edk2",
        Version = "2026",
        Kind = LaunchKind.Ovmf,
        Launch = new FirmwareLaunch { Vmm = "qemu", MinVcpus = 1, MaxVcpus = 4, CpuSignatures = { 0x00A00F11 } },
    };

    public static async Task<ReferenceValue> RegisterAsync(TestService service, FirmwareRegistration? registration = null, byte[]? firmware = null, byte[]? svsm = null)
    {
        List<RegisterFirmwareRequest> messages = [new() { Registration = registration ?? Registration() }];
        messages.AddRange((firmware ?? Firmware).Chunk(Chunk).Select(c => new RegisterFirmwareRequest { FirmwareChunk = ByteString.CopyFrom(c) }));
        messages.AddRange((svsm ?? []).Chunk(Chunk).Select(c => new RegisterFirmwareRequest { SvsmChunk = ByteString.CopyFrom(c) }));
        return await SendAsync(service, messages);
    }

    /// <summary>Spoilt registrations, for docs/errors.md.</summary>
    public static IReadOnlyDictionary<string, Func<TestService, Task>> Spoilt { get; } = new Dictionary<string, Func<TestService, Task>>
    {
        ["firmware-absent"] = s => SendAsync(s, []),
        ["firmware-described-twice"] = s => SendAsync(s, [new() { Registration = Registration() }, new() { Registration = Registration() }]),
        ["firmware-launch-absent"] = s => WithAsync(s, r => r.Launch = null),
        ["firmware-vmm-unknown"] = s => WithAsync(s, r => r.Launch.Vmm = "xen"),
        ["firmware-kind"] = s => WithAsync(s, r => r.Kind = LaunchKind.Stage1),
        ["firmware-vcpus-none"] = s => WithAsync(s, r => r.Launch.MinVcpus = 0),
        ["firmware-vcpus-many"] = s => WithAsync(s, r => r.Launch.MaxVcpus = 257),
        ["firmware-vcpus-order"] = s => WithAsync(s, r => r.Launch.MinVcpus = 5),
        ["firmware-measurements-many"] = s => WithAsync(s, r => (r.Launch.MaxVcpus, _) = (129, Added(r.Launch, 1))),
        ["firmware-cpu-absent"] = s => WithAsync(s, r => r.Launch.CpuSignatures.Clear()),
        ["firmware-cpu-unused"] = s => WithAsync(s, r => r.Launch.Vmm = "ec2"),
        ["firmware-cpu-twice"] = s => WithAsync(s, r => r.Launch.CpuSignatures.Add(r.Launch.CpuSignatures[0])),
        ["firmware-cpu-many"] = s => WithAsync(s, r => r.Launch.CpuSignatures.Add(Enumerable.Range(1, 8).Select(i => (uint)i))),
        ["firmware-fpu"] = s => WithAsync(s, r => r.Launch.Fpu = "full"),
        ["firmware-vars"] = s => WithAsync(s, r => r.Launch.VarsSize = 4096),
        ["firmware-kernel"] = s => WithAsync(s, r => r.Launch.Kernel = new() { KernelSha256 = Requests.Bytes(31) }),
        ["firmware-command-line"] = s => WithAsync(s, r => r.Launch.Kernel = new() { KernelSha256 = Requests.Bytes(32), CommandLine = new string('x', (64 << 10) + 1) }),
        ["firmware-features"] = s => WithAsync(s, r => r.Launch.GuestFeatures = 0),
        ["firmware-malformed"] = s => RegisterAsync(s, firmware: new byte[4096]),
        ["firmware-svsm-absent"] = s => WithAsync(s, r => (r.Launch.Vmm, r.Kind, r.Launch.VarsSize) = ("stage1", LaunchKind.Stage1, 4096)),
        ["firmware-svsm-unused"] = s => RegisterAsync(s, svsm: Stage1),
        ["firmware-svsm-kernel"] = s => RegisterAsync(s, Stage1Registration(r => r.Launch.Kernel = new() { KernelSha256 = Requests.Bytes(32) }), svsm: Stage1),
        ["firmware-vars-absent"] = s => RegisterAsync(s, Stage1Registration(r => r.Launch.ClearVarsSize()), svsm: Stage1),
        ["firmware-svsm-malformed"] = s => RegisterAsync(s, Stage1Registration(), svsm: new byte[4096]),
        ["firmware-svsm-differs"] = s => RegisterAsync(s, Stage1Registration(r => r.SvsmSha384 = Requests.Bytes(48)), svsm: Stage1),
        ["firmware-sha384-differs"] = s => WithAsync(s, r => r.Provenance = new Provenance { FileSha384 = Requests.Bytes(48) }),
        ["firmware-asserted-differs"] = s => WithAsync(s, r => r.AssertedDigests.Add(Requests.Bytes(48))),
        ["firmware-size-large"] = s => WithAsync(s, r => r.Provenance = new Provenance { FileSize = (64 << 20) + 1 }),
        ["firmware-chunk-empty"] = s => SendAsync(s, [new() { Registration = Registration() }, new() { FirmwareChunk = ByteString.Empty }]),
        ["firmware-svsm-chunk-empty"] = s => SendAsync(s, [new() { Registration = Registration() }, new() { SvsmChunk = ByteString.Empty }]),
    };

    public static FirmwareRegistration Stage1Registration(Action<FirmwareRegistration>? change = null)
    {
        FirmwareRegistration registration = Registration();
        (registration.Launch.Vmm, registration.Kind, registration.Launch.VarsSize) = ("stage1", LaunchKind.Stage1, 4096);
        change?.Invoke(registration);
        return registration;
    }

    /// <summary>Two files that are small enough each, and too large together.</summary>
    public static async Task TooLargeAsync()
    {
        await using TestService service = await TestService.StartAsync(["--Registry:Igvm:MaxFileBytes=131072"]);
        await SendAsync(
            service,
            [
                new() { Registration = Registration() },
                new() { FirmwareChunk = Requests.Bytes(Chunk) },
                new() { SvsmChunk = Requests.Bytes(Chunk) },
                new() { SvsmChunk = Requests.Bytes(1) },
            ]);
    }

    /// <summary>An IGVM file takes the only place.</summary>
    public static async Task BusyAsync()
    {
        await using TestService service = await TestService.StartAsync(["--Registry:Igvm:MaxAtOnce=1"]);
        using AsyncClientStreamingCall<RegisterFirmwareRequest, RegisterFirmwareResponse> one = service.Registry.RegisterFirmware(TestService.Registrar);
        using AsyncClientStreamingCall<RegisterIgvmRequest, RegisterIgvmResponse> other = service.Registry.RegisterIgvm(TestService.Registrar);
        await IgvmCalls.TryWriteAsync(one.RequestStream, new() { Registration = Registration("one") });
        await IgvmCalls.TryWriteAsync(other.RequestStream, new() { Registration = IgvmCalls.Registration("other") });
        await await Task.WhenAny((Task)one.ResponseAsync, other.ResponseAsync);
    }

    private static async Task<ReferenceValue> SendAsync(TestService service, IEnumerable<RegisterFirmwareRequest> messages)
    {
        using AsyncClientStreamingCall<RegisterFirmwareRequest, RegisterFirmwareResponse> call = service.Registry.RegisterFirmware(TestService.Registrar);
        try
        {
            foreach (RegisterFirmwareRequest message in messages)
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

    private static Task<ReferenceValue> WithAsync(TestService service, Action<FirmwareRegistration> spoil)
    {
        FirmwareRegistration registration = Registration();
        spoil(registration);
        return RegisterAsync(service, registration);
    }

    private static int Added(FirmwareLaunch launch, uint signature)
    {
        launch.CpuSignatures.Add(signature);
        return launch.CpuSignatures.Count;
    }
}
