using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using SevSnp.Firmware;
using SevSnp.Measurement;
using SevSnp.Primitives;
using Verifier.Contracts.V1;
using Verifier.Tests.Hosting;
using FirmwareLaunch = SevSnp.Measurement.FirmwareLaunch;

namespace Verifier.Tests.Rpc;

public sealed class RegisterFirmwareTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Firmware_IsRegistered_ForEachCountAndEachCpu()
    {
        FirmwareRegistration registration = FirmwareCalls.Registration();
        registration.Launch.MinVcpus = 2;
        registration.Launch.CpuSignatures.Add(0x00800F12);
        await using TestService service = await TestService.StartAsync();

        ReferenceValue value = await FirmwareCalls.RegisterAsync(service, registration);

        Assert.Equal((ReferenceValue.Types.Origin.Computed, ReferenceValue.Types.State.Active, LaunchKind.Ovmf), (value.Origin, value.State, value.Kind));
        Assert.Equal(SHA384.HashData(FirmwareCalls.Firmware), value.Provenance.FileSha384.ToByteArray());
        Assert.Equal((ulong)FirmwareCalls.Firmware.Length, value.Provenance.FileSize);
        FirmwareLaunch launch = Launch(FirmwareCalls.Firmware);
        Assert.Equal(
            from cpu in registration.Launch.CpuSignatures
            from vcpus in new[] { 2, 3, 4 }
            select ($"qemu-cpu-{cpu:x8}", (uint)vcpus, Digest(launch with { Cpu = new VcpuSignature(cpu), Vcpus = vcpus })),
            value.Measurements.Select(m => (m.Profile, m.VcpuCount, m.Digest)));
        Assert.Equal(2, value.File.Findings.Count(f => f.Id == "FIRMWARE_LAUNCH"));
        Assert.Equal(value, (await service.Registry.GetReferenceValueAsync(new() { Name = value.Name }, cancellationToken: Ct)).ReferenceValue);
    }

    [Fact]
    public async Task EveryInputOfTheLaunch_CountsAsStated()
    {
        FirmwareRegistration registration = FirmwareCalls.Registration();
        registration.Launch.MaxVcpus = 1;
        registration.Launch.GuestFeatures = 0x21;
        registration.Launch.Fpu = "zero";
        registration.Launch.VmsaGpa = 0x1000;
        registration.Launch.Kernel = new() { KernelSha256 = Requests.Bytes(32), InitrdSha256 = Requests.Bytes(32, 8), CommandLine = "console=ttyS0" };
        await using TestService service = await TestService.StartAsync();

        ReferenceValue value = await FirmwareCalls.RegisterAsync(service, registration);

        Assert.True(KernelHashes.TryCreate(new HexBytes(Requests.Bytes(32).Span), new HexBytes(Requests.Bytes(32, 8).Span), "console=ttyS0", out KernelHashes? kernel, out _));
        FirmwareLaunch launch = Launch(FirmwareCalls.Firmware) with { Features = (SevFeatures)0x21, Fpu = FpuState.Zero, VmsaGpa = 0x1000, Kernel = kernel };
        Assert.Equal(Digest(launch), Assert.Single(value.Measurements).Digest);
        Assert.Contains(value.File.Findings, f => f.Id == "KERNEL_HASHES");
    }

    [Theory]
    [InlineData("ec2")]
    [InlineData("ec2-rdx0")]
    [InlineData("gce")]
    public async Task VmmThatMeasuresNoCpu_NeedsNone(string vmm)
    {
        FirmwareRegistration registration = FirmwareCalls.Registration();
        registration.Launch.Vmm = vmm;
        registration.Launch.CpuSignatures.Clear();
        await using TestService service = await TestService.StartAsync();

        ReferenceValue value = await FirmwareCalls.RegisterAsync(service, registration);

        Assert.True(FirmwareProfile.TryFromName(vmm, out FirmwareProfile? profile));
        Assert.Equal(
            Enumerable.Range(1, 4).Select(n => (vmm, Digest(Launch(FirmwareCalls.Firmware) with { Profile = profile, Cpu = null, Vcpus = n }))),
            value.Measurements.Select(m => (m.Profile, m.Digest)));
    }

    [Fact]
    public async Task Stage1_TakesBothFiles()
    {
        await using TestService service = await TestService.StartAsync();

        ReferenceValue value = await FirmwareCalls.RegisterAsync(service, FirmwareCalls.Stage1Registration(), svsm: FirmwareCalls.Stage1);

        Assert.True(FirmwareImage.TryParse(FirmwareCalls.Stage1, out FirmwareImage? svsm, out _));
        FirmwareLaunch launch = Launch(FirmwareCalls.Firmware) with { Profile = FirmwareProfile.Stage1Svsm, Svsm = svsm, VarsSize = 4096 };
        Assert.Equal(Enumerable.Range(1, 4).Select(n => Digest(launch with { Vcpus = n })), value.Measurements.Select(m => m.Digest));
        Assert.Contains(value.File.Findings, f => f.Id == "STAGE1_IMAGE" && f.Text.Contains(Convert.ToHexStringLower(SHA384.HashData(FirmwareCalls.Stage1)), StringComparison.Ordinal));
    }

    [Fact]
    public async Task AssertedDigest_MustBeAmongTheComputed_OrNothingIsStored()
    {
        FirmwareRegistration registration = FirmwareCalls.Registration();
        registration.AssertedDigests.Add(Digest(Launch(FirmwareCalls.Firmware) with { Vcpus = 3 }));
        await using TestService service = await TestService.StartAsync();
        await FirmwareCalls.RegisterAsync(service, registration);

        registration.ReferenceValueId = "other";
        registration.AssertedDigests.Add(Digest(Launch(FirmwareCalls.Firmware) with { Vcpus = 5 }));
        await Assert.ThrowsAsync<RpcException>(() => FirmwareCalls.RegisterAsync(service, registration));

        Assert.Single((await service.Registry.ListReferenceValuesAsync(new(), cancellationToken: Ct)).ReferenceValues);
    }

    [Fact]
    public async Task RepeatedRequestId_GivesTheFirstAnswer_ForTheSameFilesOnly()
    {
        FirmwareRegistration registration = FirmwareCalls.Stage1Registration(r => r.RequestId = Guid.NewGuid().ToString());
        byte[] otherSvsm = [.. FirmwareCalls.Stage1];
        otherSvsm[0] ^= 1;
        await using TestService service = await TestService.StartAsync();

        ReferenceValue first = await FirmwareCalls.RegisterAsync(service, registration, svsm: FirmwareCalls.Stage1);
        ReferenceValue again = await FirmwareCalls.RegisterAsync(service, registration, svsm: FirmwareCalls.Stage1);
        RpcException other = await Assert.ThrowsAsync<RpcException>(() => FirmwareCalls.RegisterAsync(service, registration, svsm: otherSvsm));

        Assert.Equal(first, again);
        Assert.Equal(StatusCode.FailedPrecondition, other.StatusCode);
    }

    private static FirmwareLaunch Launch(byte[] firmware)
    {
        Assert.True(FirmwareImage.TryParse(firmware, out FirmwareImage? image, out FirmwareFault fault), fault.ToString());
        return new FirmwareLaunch { Profile = FirmwareProfile.QemuKvm, Firmware = image, Vcpus = 1, Cpu = new VcpuSignature(0x00A00F11) };
    }

    private static ByteString Digest(FirmwareLaunch launch)
    {
        Assert.True(FirmwareMeasurer.TryMeasure(launch, keepSteps: false, out SevSnp.Measurement.LaunchMeasurement? measured, out FirmwareFault fault), fault.ToString());
        return ByteString.CopyFrom(measured.Digest.ToArray());
    }
}
