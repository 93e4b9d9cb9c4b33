using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using SevSnp.Firmware;
using SevSnp.Measurement;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Firmware;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Registration;

/// <summary>Firmware registered over gRPC; then guests launched from it with more and fewer vCPUs.</summary>
public sealed class RegisteredFirmwareTests
{
    private static readonly Scenario Guest = Scenario.Vcek();

    [Fact]
    public async Task GuestsWithinTheRange_AreAcceptedAndNamed_AndOthersRejected()
    {
        byte[] firmware = FirmwareImageBuilder.AmdSev(pages: 20).Build();
        await using RunningService service = await RunningService.StartAsync(roots: Guest.Amd.Roots);

        await RegisterAsync(service, firmware);

        for (int vcpus = 1; vcpus <= 6; vcpus++)
        {
            AttestationVerdict verdict = await VerifyAsync(service, Digest(firmware, vcpus, 0x00A00F11));
            Assert.Equal(vcpus is >= 2 and <= 4 ? Outcome.Accepted : Outcome.Rejected, verdict.Outcome);
            Assert.Equal(vcpus is >= 2 and <= 4 ? "qemu-cpu-00a00f11" : null, verdict.Reference?.Profile);
        }

        Assert.Equal(Outcome.Rejected, (await VerifyAsync(service, Digest(firmware, 3, 0x00800F12))).Outcome);
        firmware[0] ^= 1;
        Assert.Equal(["MEASUREMENT_IS_REGISTERED"], (await VerifyAsync(service, Digest(firmware, 3, 0x00A00F11))).Failed());
    }

    private static async Task RegisterAsync(RunningService service, byte[] firmware)
    {
        using AsyncClientStreamingCall<RegisterFirmwareRequest, RegisterFirmwareResponse> call = service.Registry.RegisterFirmware(
            RunningService.Registrar, cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(
            new()
            {
                Registration = new()
                {
                    ReferenceValueId = "edk2",
                    Image = "edk2",
                    Version = "2026",
                    Kind = LaunchKind.Ovmf,
                    Launch = new() { Vmm = "qemu", MinVcpus = 2, MaxVcpus = 4, CpuSignatures = { 0x00A00F11 } },
                },
            },
            TestContext.Current.CancellationToken);
        foreach (byte[] chunk in firmware.Chunk(64 << 10))
        {
            await call.RequestStream.WriteAsync(new() { FirmwareChunk = ByteString.CopyFrom(chunk) }, TestContext.Current.CancellationToken);
        }

        await call.RequestStream.CompleteAsync();
        ReferenceValue value = (await call).ReferenceValue;
        Assert.Equal(3, value.Measurements.Count);
        Assert.Equal(SHA384.HashData(firmware), value.Provenance.FileSha384.ToByteArray());
    }

    private static Task<AttestationVerdict> VerifyAsync(RunningService service, byte[] measurement)
    {
        Scenario guest = Guest.WithReport(r => r with { Measurement = measurement });
        return service.VerifyAsync(Requests.Verify(guest, guest.Certificates));
    }

    private static byte[] Digest(byte[] firmware, int vcpus, uint cpu)
    {
        Assert.True(FirmwareImage.TryParse(firmware, out FirmwareImage? image, out _));
        SevSnp.Measurement.FirmwareLaunch launch = new() { Profile = FirmwareProfile.QemuKvm, Firmware = image, Vcpus = vcpus, Cpu = new VcpuSignature(cpu) };
        Assert.True(FirmwareMeasurer.TryMeasure(launch, keepSteps: false, out SevSnp.Measurement.LaunchMeasurement? measured, out FirmwareFault fault), fault.ToString());
        return measured.Digest.ToArray();
    }
}
