using Google.Protobuf;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using Verifier.Contracts.V1;
using Verifier.Service.Registry;
using Verifier.TestKit;
using Verifier.TestKit.Igvm;
using Verifier.Tests.Hosting;
using Verifier.Tests.Rpc;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;
using Launch = SevSnp.Measurement.IgvmLaunch;

namespace Verifier.Tests.Pipeline;

public sealed class ExplanationTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, Launch> NearLaunches => new()
    {
        { "OTHER_LAUNCH_PROFILE", new Launch { Profile = LaunchProfile.Spec } },
        { "OTHER_ZERO_PAGES", new Launch { Profile = LaunchProfile.Spec, ZeroPages = ZeroPages.Native } },
        { "OTHER_VMSA_COUNT", new Launch { Profile = LaunchProfile.QemuKvm, Vmsas = 4 } },
    };

    [Theory]
    [MemberData(nameof(NearLaunches))]
    public async Task NearVariant_IsRejected_AndExplained(string cause, Launch launch)
    {
        await using TestService service = await RegisteredAsync();

        AttestationVerdict verdict = await VerifyAsync(service, Digest(launch));

        Assert.Equal(Outcome.Rejected, verdict.Outcome);
        Cause only = Assert.Single(verdict.Explanation);
        Assert.Equal((cause, Requests.Name()), (only.Id, only.ReferenceValue));
        Assert.Contains("coconut-svsm 2026.11", only.Text, StringComparison.Ordinal);
        Assert.Equal(1, service.Store.NearLookups);
    }

    [Theory]
    [MemberData(nameof(NearLaunches))]
    public async Task NearVariant_NeverBecomesAnAccept(string cause, Launch launch)
    {
        await using TestService service = await RegisteredAsync();
        await service.Registry.DeprecateReferenceValueAsync(new() { Name = Requests.Name() }, TestService.Registrar, cancellationToken: Ct);
        Assert.Equal(Outcome.Rejected, (await VerifyAsync(service, Digest(launch))).Outcome);
        await service.Registry.ActivateReferenceValueAsync(new() { Name = Requests.Name() }, TestService.Registrar, cancellationToken: Ct);

        Assert.Equal(Outcome.Rejected, (await VerifyAsync(service, Digest(launch))).Outcome);
        Assert.NotEqual("", cause);
        await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await service.Registry.LookupMeasurementAsync(new() { Digest = ByteString.CopyFrom(Digest(launch)) }, cancellationToken: Ct));
    }

    [Fact]
    public async Task RevokedRelease_IsNamed_AlsoWhenLaunchedOtherwise()
    {
        await using TestService service = await RegisteredAsync();
        await service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name(), Reason = "key lost" }, TestService.Registrar, cancellationToken: Ct);

        AttestationVerdict same = await VerifyAsync(service, Digest(new Launch { Profile = LaunchProfile.QemuKvm }));
        AttestationVerdict other = await VerifyAsync(service, Digest(new Launch { Profile = LaunchProfile.Spec }));

        Assert.Equal(["MEASUREMENT_REVOKED"], same.Explanation.Select(c => c.Id));
        Assert.Contains("key lost", same.Explanation[0].Text, StringComparison.Ordinal);
        Assert.Equal(["REVOKED_RELEASE_LAUNCHED_OTHERWISE"], other.Explanation.Select(c => c.Id));
    }

    [Fact]
    public async Task UnknownMeasurement_IsCalledSo()
    {
        await using TestService service = await RegisteredAsync();

        AttestationVerdict verdict = await VerifyAsync(service, ReportBuilder.DefaultMeasurement);

        Assert.Equal(["MEASUREMENT_UNKNOWN"], verdict.Explanation.Select(c => c.Id));
    }

    [Fact]
    public async Task AcceptedGuest_NeedsNoExplanation_AndNoLookup()
    {
        await using TestService service = await RegisteredAsync();

        AttestationVerdict verdict = await VerifyAsync(service, Digest(new Launch { Profile = LaunchProfile.QemuKvm }));

        Assert.Equal((Outcome.Accepted, 0, 0), (verdict.Outcome, verdict.Explanation.Count, service.Store.NearLookups));
    }

    [Fact]
    public async Task ReportThatIsNotAuthentic_IsNotExplained()
    {
        await using TestService service = await RegisteredAsync();
        VerifyRequest request = Requests.Verify();
        byte[] report = request.Evidence.Snp.Report.ToByteArray();
        report[0x90] ^= 1;
        request.Evidence.Snp.Report = ByteString.CopyFrom(report);

        AttestationVerdict verdict = (await service.Verifier.VerifyAsync(request, cancellationToken: Ct)).Verdict;

        Assert.Equal((Outcome.Rejected, 0, 0), (verdict.Outcome, verdict.Explanation.Count, service.Store.NearLookups));
    }

    [Fact]
    public async Task StoreThatCannotTellOfNearVariants_LeavesTheVerdict()
    {
        await using TestService service = await RegisteredAsync();
        service.Store.NearFault = new StoreUnavailableException("away");

        AttestationVerdict verdict = await VerifyAsync(service, ReportBuilder.DefaultMeasurement);

        Assert.Equal(Outcome.Rejected, verdict.Outcome);
        Assert.Equal(["NEAR_VARIANTS_NOT_KNOWN"], verdict.Explanation.Select(c => c.Id));
    }

    [Fact]
    public async Task DebuggedGuest_IsExplainedFieldByField()
    {
        await using TestService service = await RegisteredAsync();
        byte[] digest = Digest(new Launch { Profile = LaunchProfile.QemuKvm });
        Scenario guest = Scenario.Vcek().WithReport(r => r with { Measurement = digest, Policy = SampleIgvm.Policy | (1 << 19) });

        AttestationVerdict verdict = (await service.Verifier.VerifyAsync(Requests.Verify(guest), cancellationToken: Ct)).Verdict;

        Assert.Equal(["RELEASE_DOES_NOT_FIT", "DEBUG_IS_ALLOWED", "GUEST_POLICY_DIFFERS"], verdict.Explanation.Select(c => c.Id));
    }

    private static async Task<TestService> RegisteredAsync()
    {
        TestService service = await TestService.StartAsync();
        IgvmRegistration registration = IgvmCalls.Registration();
        registration.Launches.Add(new Contracts.V1.IgvmLaunch { Profile = "qemu-kvm" });
        await IgvmCalls.RegisterAsync(service, registration);
        return service;
    }

    private static async Task<AttestationVerdict> VerifyAsync(TestService service, byte[] measurement)
    {
        Scenario guest = Scenario.Vcek().WithReport(r => r with { Measurement = measurement, Policy = SampleIgvm.Policy });
        return (await service.Verifier.VerifyAsync(Requests.Verify(guest), cancellationToken: Ct)).Verdict;
    }

    private static byte[] Digest(Launch launch)
    {
        Assert.True(IgvmReader.TryRead(SampleIgvm.Build(), IgvmReadOptions.Default, out IgvmFile? file, out _));
        Assert.True(IgvmMeasurer.TryMeasure(file, launch, out IgvmMeasurement? measured, out _));
        return measured.Digest.ToArray();
    }
}
