using Google.Protobuf;
using Grpc.Core;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Primitives;
using Verifier.Contracts.V1;
using Verifier.Service.Registry.Files;
using Verifier.TestKit;
using Verifier.TestKit.Igvm;
using Verifier.Tests.Hosting;
using IgvmLaunch = Verifier.Contracts.V1.IgvmLaunch;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.Tests.Rpc;

public sealed class RegisterIgvmTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task File_IsRegistered_WithWhatWasComputedFromIt()
    {
        byte[] file = SampleIgvm.Build();
        await using TestService service = await TestService.StartAsync();

        ReferenceValue value = await IgvmCalls.RegisterAsync(service, file: file);

        Assert.Equal((ReferenceValue.Types.Origin.Computed, ReferenceValue.Types.State.Active), (value.Origin, value.State));
        Assert.Equal((ulong)file.Length, value.Provenance.FileSize);
        Assert.Equal(System.Security.Cryptography.SHA384.HashData(file), value.Provenance.FileSha384.ToByteArray());
        Assert.Equal(SampleIgvm.Policy, value.File.GuestPolicy);
        Assert.Equal(
            [("spec", Digest(file, LaunchProfile.Spec)), ("qemu-kvm", Digest(file, LaunchProfile.QemuKvm)), ("vanadium", Digest(file, LaunchProfile.Vanadium))],
            value.Measurements.Select(m => (m.Profile, m.Digest)));
        Assert.Equal(value, (await service.Registry.GetReferenceValueAsync(new() { Name = value.Name }, cancellationToken: Ct)).ReferenceValue);
    }

    [Fact]
    public async Task LaunchesAskedFor_AreRegistered_AndNoOther()
    {
        IgvmRegistration registration = IgvmCalls.Registration();
        registration.Launches.Add(new IgvmLaunch { Profile = "qemu-kvm", Vmsas = 4, ZeroPages = IgvmLaunch.Types.ZeroPages.Native });
        await using TestService service = await TestService.StartAsync();

        ReferenceValue value = await IgvmCalls.RegisterAsync(service, registration);

        Verifier.Contracts.V1.LaunchMeasurement only = Assert.Single(value.Measurements);
        Assert.Equal(("qemu-kvm-zero-native", 4U), (only.Profile, only.VcpuCount));
    }

    [Fact]
    public async Task GuestWithTheFilesDigest_IsAccepted_AndOneWithALaxerPolicy_IsNot()
    {
        byte[] file = SampleIgvm.Build(policy: 0x20000);
        Scenario guest = Scenario.Vcek().WithReport(r => r with { Measurement = Digest(file, LaunchProfile.QemuKvm).ToByteArray(), Policy = 0x20000 });
        await using TestService service = await TestService.StartAsync();
        await IgvmCalls.RegisterAsync(service, file: file);

        AttestationVerdict accepted = (await service.Verifier.VerifyAsync(Requests.Verify(guest), cancellationToken: Ct)).Verdict;
        AttestationVerdict laxer = (await service.Verifier.VerifyAsync(Requests.Verify(guest.WithReport(r => r with { Policy = 0x30000 })), cancellationToken: Ct)).Verdict;

        Assert.Equal((Outcome.Accepted, "qemu-kvm"), (accepted.Outcome, accepted.Reference.Profile));
        Assert.Equal(Outcome.Rejected, laxer.Outcome);
        Assert.Contains(laxer.Checks, c => c.Status == Check.Types.Status.Failed && c.Id == "GUEST_POLICY_IS_ALLOWED");
    }

    [Fact]
    public async Task AssertedDigest_MustBeAmongTheComputed_OrNothingIsStored()
    {
        byte[] file = SampleIgvm.Build();
        IgvmRegistration registration = IgvmCalls.Registration();
        registration.AssertedDigests.Add(Digest(file, LaunchProfile.QemuKvm));
        await using TestService service = await TestService.StartAsync();
        await IgvmCalls.RegisterAsync(service, registration);

        registration.ReferenceValueId = "other";
        registration.AssertedDigests.Add(Requests.Bytes(48));
        await Assert.ThrowsAsync<RpcException>(() => IgvmCalls.RegisterAsync(service, registration));

        Assert.Single((await service.Registry.ListReferenceValuesAsync(new(), cancellationToken: Ct)).ReferenceValues);
    }

    [Fact]
    public async Task RepeatedRequestId_GivesTheFirstAnswer_ForTheSameFileOnly()
    {
        IgvmRegistration registration = IgvmCalls.Registration();
        registration.RequestId = Guid.NewGuid().ToString();
        await using TestService service = await TestService.StartAsync();

        ReferenceValue first = await IgvmCalls.RegisterAsync(service, registration);
        ReferenceValue again = await IgvmCalls.RegisterAsync(service, registration);
        RpcException other = await Assert.ThrowsAsync<RpcException>(() => IgvmCalls.RegisterAsync(service, registration, SampleIgvm.Build(content: 9)));

        Assert.Equal(first, again);
        Assert.Equal(StatusCode.FailedPrecondition, other.StatusCode);
    }

    [Fact]
    public async Task UnaryMethods_KeepTheirSmallLimit()
    {
        CreateReferenceValueRequest large = Requests.Create();
        large.ReferenceValue.Version = new string('1', 600 * 1024);
        await using TestService service = await TestService.StartAsync();

        RpcException error = await Assert.ThrowsAsync<RpcException>(async () => await service.Registry.CreateReferenceValueAsync(large, TestService.Registrar, cancellationToken: Ct));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task CancelledUpload_GivesItsPlaceBack()
    {
        await using TestService service = await TestService.StartAsync(["--Registry:Igvm:MaxAtOnce=1"]);
        for (int i = 0; i < 3; i++)
        {
            using AsyncClientStreamingCall<RegisterIgvmRequest, RegisterIgvmResponse> call = service.Registry.RegisterIgvm(TestService.Registrar, cancellationToken: Ct);
            // Where the place of the one before is taken still, the call may be over before this is written.
            await IgvmCalls.TryWriteAsync(call.RequestStream, new() { Registration = IgvmCalls.Registration() });
        }

        // The service hears of a cancelled call a moment later.
        for (int i = 0; ; i++)
        {
            try
            {
                await IgvmCalls.RegisterAsync(service);
                break;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted && i < 600)
            {
                await Task.Delay(50, Ct);
            }
        }
    }

    [Fact]
    public async Task BadIdBlock_IsTold()
    {
        byte[] block = new byte[SnpIdBlockHeader.Size];
        block[0] = (byte)SampleIgvm.Mask;
        block[SnpIdBlockHeader.LaunchDigestOffset] = 1;
        byte[] file = SampleIgvm.Builder().Header(IgvmHeaderType.SnpIdBlock, block).Build();
        await using TestService service = await TestService.StartAsync();

        ReferenceValue value = await IgvmCalls.RegisterAsync(service, file: file);

        Assert.Contains(value.File.Findings, f => f.Id == "ID_BLOCK_IS_BAD");
    }

    [Theory]
    [InlineData(0x30000UL, 0UL, 0UL, true)]
    [InlineData(0x30000UL, 1UL << 16, 0UL, true)]
    [InlineData(0x20000UL, 1UL << 16, 0UL, false)]
    [InlineData(0x130000UL, 0UL, 1UL << 20, false)]
    public void StatedPolicy_IsJoinedWithTheFiles(ulong file, ulong required, ulong forbidden, bool isPossible) => Assert.Equal(
        isPossible,
        FilePolicy.TryAdd(new SevSnp.Policies.GuestPolicyRule((GuestPolicyBits)required, (GuestPolicyBits)forbidden), file, out _));

    private static ByteString Digest(byte[] file, LaunchProfile profile)
    {
        Assert.True(IgvmReader.TryRead(file, IgvmReadOptions.Default, out IgvmFile? read, out _));
        Assert.True(IgvmMeasurer.TryMeasure(read, new SevSnp.Measurement.IgvmLaunch { Profile = profile }, out IgvmMeasurement? measured, out _));
        Digest384 digest = measured.Digest;
        return ByteString.CopyFrom(digest.ToArray());
    }
}
