using Google.Protobuf;
using Grpc.Core;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Verifier.TestKit.Igvm;
using Verifier.TestKit.Redis;
using Launch = SevSnp.Measurement.IgvmLaunch;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Registration;

/// <summary>A release registered from its file over gRPC, in a real Redis; then guests launched from that file, rightly and wrongly.</summary>
public sealed class RegisteredFileTests
{
    private const int Chunk = 64 << 10;
    private const ulong Debug = 1UL << 19;

    private static readonly Launch Registered = new() { Profile = LaunchProfile.QemuKvm };
    private static readonly Scenario Guest = Scenario.Vcek();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A COCONUT-SVSM file where the vectors are at hand, and always one of our own.</summary>
    public static IEnumerable<TheoryDataRow<string>> Files =>
    [
        new(""),
        new("svsm-qemu-unsorted.igvm"),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task GuestOfARegisteredFile_IsAcceptedAndNamed_AndEveryOtherLaunchIsRejectedAndExplained(string vector)
    {
        Assert.SkipUnless(RedisServer.IsPresent, RedisServer.SkipReason);
        Assert.SkipUnless(vector.Length == 0 || File.Exists(Vectors.Path("igvm", vector)), Vectors.SkipReason);
        byte[] file = vector.Length == 0 ? SampleIgvm.Build() : await File.ReadAllBytesAsync(Vectors.Path("igvm", vector), Ct);
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RunningService service = await RunningService.StartAsync(redis, Guest.Amd.Roots);

        ReferenceValue value = await RegisterAsync(service, "release-1", file);
        ulong policy = value.File.HasGuestPolicy ? value.File.GuestPolicy : SampleIgvm.Policy;
        AttestationVerdict accepted = await VerifyAsync(service, Digest(file, Registered), policy);
        AttestationVerdict profile = await VerifyAsync(service, Digest(file, new Launch { Profile = LaunchProfile.Spec }), policy);
        AttestationVerdict vmsas = await VerifyAsync(service, Digest(file, Registered with { Vmsas = 4 }), policy);
        AttestationVerdict debug = await VerifyAsync(service, Digest(file, Registered), policy | Debug);

        Assert.Equal((Outcome.Accepted, "coconut-svsm", "release-1", "qemu-kvm"), (accepted.Outcome, accepted.Reference.Image, accepted.Reference.Version, accepted.Reference.Profile));
        Assert.Empty(accepted.Explanation);
        AssertRejected(profile, "OTHER_LAUNCH_PROFILE", "coconut-svsm release-1", "as by spec");
        AssertRejected(vmsas, "OTHER_VMSA_COUNT", "coconut-svsm release-1", "4 save areas");
        AssertRejected(debug, "DEBUG_IS_ALLOWED", "read and change the guest's memory");

        await service.RevokeAsync("release-1", "bug 4711");
        AttestationVerdict revoked = await VerifyAsync(service, Digest(file, Registered), policy);
        AttestationVerdict revokedOther = await VerifyAsync(service, Digest(file, Registered with { Vmsas = 4 }), policy);

        AssertRejected(revoked, "MEASUREMENT_REVOKED", "coconut-svsm release-1", "bug 4711");
        AssertRejected(revokedOther, "REVOKED_RELEASE_LAUNCHED_OTHERWISE", "coconut-svsm release-1", "4 save areas");
    }

    private static void AssertRejected(AttestationVerdict verdict, string cause, params string[] words)
    {
        Assert.Equal(Outcome.Rejected, verdict.Outcome);
        Cause found = Assert.Single(verdict.Explanation, c => c.Id == cause);
        Assert.All(words, w => Assert.Contains(w, found.Text, StringComparison.Ordinal));
    }

    private static Task<AttestationVerdict> VerifyAsync(RunningService service, byte[] measurement, ulong policy)
    {
        Scenario guest = Guest.WithReport(r => r with { Measurement = measurement, Policy = policy });
        return Patience.EventuallyAsync(() => service.VerifyAsync(Requests.Verify(guest, guest.Certificates)));
    }

    private static Task<ReferenceValue> RegisterAsync(RunningService service, string version, byte[] file)
    {
        IgvmRegistration registration = new()
        {
            ReferenceValueId = version,
            Image = "coconut-svsm",
            Version = version,
            Kind = Contracts.V1.LaunchKind.SvsmIgvm,
            Launches = { new Contracts.V1.IgvmLaunch { Profile = "qemu-kvm" } },
            RequestId = Guid.NewGuid().ToString(),
        };
        return Patience.EventuallyAsync(() => SendAsync(service, registration, file));
    }

    private static async Task<ReferenceValue> SendAsync(RunningService service, IgvmRegistration registration, byte[] file)
    {
        using AsyncClientStreamingCall<RegisterIgvmRequest, RegisterIgvmResponse> call = service.Registry.RegisterIgvm(RunningService.Registrar, cancellationToken: Ct);
        try
        {
            await call.RequestStream.WriteAsync(new RegisterIgvmRequest { Registration = registration }, Ct);
            foreach (byte[] chunk in file.Chunk(Chunk))
            {
                await call.RequestStream.WriteAsync(new RegisterIgvmRequest { Chunk = ByteString.CopyFrom(chunk) }, Ct);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // It was answered before all was sent; the answer says why.
        }

        return (await call).ReferenceValue;
    }

    private static byte[] Digest(byte[] file, Launch launch)
    {
        Assert.True(IgvmReader.TryRead(file, IgvmReadOptions.Default, out IgvmFile? read, out IgvmFault fault), fault.ToString());
        Assert.True(IgvmMeasurer.TryMeasure(read, launch, out IgvmMeasurement? measured, out IgvmMeasureFault unmeasured), unmeasured.ToString());
        return measured.Digest.ToArray();
    }
}
