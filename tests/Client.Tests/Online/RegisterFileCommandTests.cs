using Verifier.TestKit.Firmware;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

/// <summary><c>register</c> from firmware, and from an IGVM file for stated launches.</summary>
public sealed class RegisterFileCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("verifierctl-");

    public RegisterFileCommandTests() => Write("token", "s3cret"u8.ToArray());

    private string[] Common => ["--image", "edk2", "--version", "2026", "--token-file", In("token")];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Firmware_IsSentWithItsLaunch_AndAKernelByItsHashesOnly()
    {
        byte[] firmware = FirmwareImageBuilder.AmdSev(pages: 300).Build(), kernel = "kernel"u8.ToArray();
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.RegisterFirmwareResponse { ReferenceValue = Value() });

        CliResult result = await service.RunAsync(
        [
            "register", "edk2", "--ovmf", Write("ovmf.fd", firmware), "--kernel", Write("kernel", kernel), "--append", "a b", "--vcpus", "2-64", "--vcpu-type", "EPYC-v4",
            "--guest-features", "0x21", "--fpu", "zero", "--measurement", new string('1', 96), "--kind", "ovmf", .. Common,
        ]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(firmware, service.Answers.File);
        Assert.Empty(service.Answers.Svsm);
        V1.FirmwareRegistration sent = service.Answers.Request<V1.FirmwareRegistration>();
        Assert.Equal(("edk2", (ulong)firmware.Length, 1), (sent.ReferenceValueId, sent.Provenance.FileSize, sent.AssertedDigests.Count));
        Assert.Equal(("qemu", 2u, 64u, 0x21ul, "zero"), (sent.Launch.Vmm, sent.Launch.MinVcpus, sent.Launch.MaxVcpus, sent.Launch.GuestFeatures, sent.Launch.Fpu));
        Assert.Single(sent.Launch.CpuSignatures);
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(kernel), sent.Launch.Kernel.KernelSha256);
        Assert.Equal("a b", sent.Launch.Kernel.CommandLine);
        Assert.False(sent.Launch.HasVarsSize);
    }

    [Fact]
    public async Task Stage1_SendsBothFiles()
    {
        byte[] firmware = FirmwareImageBuilder.AmdSev().Build(), svsm = FirmwareImageBuilder.Stage1().Build();
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.RegisterFirmwareResponse { ReferenceValue = Value() });

        CliResult result = await service.RunAsync(
        [
            "register", "edk2", "--mode", "snp:svsm", "--ovmf", Write("ovmf.fd", firmware), "--svsm", Write("svsm.bin", svsm), "--vars-size", "4096", "--vcpus", "2",
            "--vcpu-signature", "0x00a00f11", "--kind", "stage1", .. Common,
        ]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(firmware, service.Answers.File);
        Assert.Equal(svsm, service.Answers.Svsm);
        V1.FirmwareLaunch sent = service.Answers.Request<V1.FirmwareRegistration>().Launch;
        Assert.Equal(("stage1", 2u, 2u, 4096ul), (sent.Vmm, sent.MinVcpus, sent.MaxVcpus, sent.VarsSize));
        Assert.Equal([0x00A00F11u], sent.CpuSignatures);
    }

    [Fact]
    public async Task BadFirmware_IsRefusedBeforeAnythingIsSent()
    {
        await using FakeService service = await FakeService.StartAsync();

        CliResult result = await service.RunAsync(["register", "edk2", "--ovmf", Write("ovmf.fd", new byte[4096]), "--vcpus", "1-4", "--vmm", "ec2", "--kind", "ovmf", .. Common]);

        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.Contains("ovmf.fd: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(service.Answers.Asked);
    }

    [Fact]
    public async Task Igvm_IsRegisteredForEachProfileWithEachNumberOfSaveAreas()
    {
        await using FakeService service = await FakeService.StartAsync();
        service.Answers.Give(new V1.RegisterIgvmResponse { ReferenceValue = Value() });

        CliResult result = await service.RunAsync(
        [
            "register", Write("a.igvm", [1]), "--profile", "spec", "--profile", "qemu-kvm", "--vmsas", "2", "--vmsas", "4", "--zero-pages", "native", "--kind", "igvm", .. Common,
        ]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            [("spec", 2u), ("spec", 4u), ("qemu-kvm", 2u), ("qemu-kvm", 4u)],
            service.Answers.Request<V1.IgvmRegistration>().Launches.Select(l => (l.Profile, l.Vmsas)));
        Assert.All(service.Answers.Request<V1.IgvmRegistration>().Launches, l => Assert.Equal(V1.IgvmLaunch.Types.ZeroPages.Native, l.ZeroPages));
    }

    private static V1.ReferenceValue Value() => new()
    {
        Name = "tenants/default/referenceValues/edk2",
        Image = "edk2",
        Version = "2026",
        Kind = V1.LaunchKind.Ovmf,
        State = V1.ReferenceValue.Types.State.Active,
        Origin = V1.ReferenceValue.Types.Origin.Computed,
        Registrar = "registrar",
        Etag = "7",
    };

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private string Write(string name, byte[] content)
    {
        File.WriteAllBytes(In(name), content);
        return In(name);
    }
}
