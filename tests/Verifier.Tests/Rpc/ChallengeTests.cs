using System.Numerics;
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Registry;
using Verifier.TestKit;
using Verifier.Tests.Hosting;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.Tests.Rpc;

/// <summary>Challenges over the wire. That they serve once is each store's to keep, and tested there.</summary>
public sealed class ChallengeTests
{
    private const string Replay = "EVIDENCE_IS_NOT_REPLAYED";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Challenge_IsRandom_AndSaysWhenItEnds()
    {
        await using TestService service = await TestService.StartAsync();

        CreateChallengeResponse one = await ChallengeAsync(service), other = await ChallengeAsync(service);
        CreateChallengeResponse shorter = await service.Verifier.CreateChallengeAsync(new() { Life = new Duration { Seconds = 5 } }, cancellationToken: Cancellation);

        Assert.Equal((64, 64), (one.Challenge.Length, other.Challenge.Length));
        Assert.NotEqual(one.Challenge, other.Challenge);
        Assert.Equal(VirtualAmd.Now + TimeSpan.FromSeconds(120), one.ExpireTime.ToDateTimeOffset());
        Assert.Equal(VirtualAmd.Now + TimeSpan.FromSeconds(5), shorter.ExpireTime.ToDateTimeOffset());
        Assert.Equal([5, 120, 120], service.Challenges.Lives.Select(l => (int)l.TotalSeconds).Order());
    }

    [Fact]
    public async Task T57_ReportOfAChallenge_IsAcceptedOnce()
    {
        await using TestService service = await RegisteredAsync();
        VerifyRequest request = Direct(await ChallengeAsync(service));

        AttestationVerdict first = await VerifyAsync(service, request), second = await VerifyAsync(service, request);

        Assert.Equal(Outcome.Accepted, first.Outcome);
        Assert.Equal((Check.Types.Status.Passed, Check.Types.Status.Passed), (StatusOf(first, Replay), StatusOf(first, "EVIDENCE_IS_FRESH")));
        Assert.Equal(("challenge", request.Binding.Challenge.Challenge, 0), (first.Bound.Scheme, first.Bound.ReportData, first.Bound.Parts.Count));
        MustBeReplay(second);
    }

    [Fact]
    public async Task T09_OtherFormOfTheSignature_DoesNotSpendAChallengeAgain()
    {
        await using TestService service = await RegisteredAsync();
        VerifyRequest request = Direct(await ChallengeAsync(service)), twin = request.Clone();
        twin.Evidence.Snp.Report = ByteString.CopyFrom(Twin(request.Evidence.Snp.Report.Span));

        AttestationVerdict first = await VerifyAsync(service, request), second = await VerifyAsync(service, twin);

        Assert.Equal(Outcome.Accepted, first.Outcome);
        Assert.NotEqual(request.Evidence.Snp.Report, twin.Evidence.Snp.Report);
        Assert.Equal(first.EvidenceId, second.EvidenceId);
        MustBeReplay(second);
    }

    [Fact]
    public async Task T56_ChallengeNobodyIssued_IsRefused()
    {
        await using TestService service = await RegisteredAsync();

        MustBeReplay(await VerifyAsync(service, Direct(new() { Challenge = Requests.Bytes(64) })));
        MustBeReplay(await VerifyAsync(service, Direct(new() { Challenge = Requests.Bytes(64, 0) })));
    }

    // T58: neither a report of other bytes nor a forged one uses up what it names.
    [Fact]
    public async Task T58_ReportThatWasNotMadeWithIt_LeavesTheChallengeUnused()
    {
        await using TestService service = await RegisteredAsync();
        CreateChallengeResponse challenge = await ChallengeAsync(service);
        VerifyRequest good = Direct(challenge), forged = good.Clone(), foreign = Direct(await ChallengeAsync(service));
        byte[] report = good.Evidence.Snp.Report.ToByteArray();
        report[0x90] ^= 1;
        forged.Evidence.Snp.Report = ByteString.CopyFrom(report);
        foreign.Binding.Challenge.Challenge = challenge.Challenge;

        AttestationVerdict unauthentic = await VerifyAsync(service, forged), other = await VerifyAsync(service, foreign);

        Assert.Equal(AttestationVerdict.Types.Rejection.NotAuthentic, unauthentic.Rejection);
        Assert.Equal(["REPORT_DATA_MATCHES_BINDING"], Failed(other));
        Assert.Equal(Check.Types.Status.NotEvaluated, StatusOf(other, Replay));
        Assert.Equal(0, service.Challenges.Spends);
        Assert.Equal(Outcome.Accepted, (await VerifyAsync(service, good)).Outcome);
    }

    [Fact]
    public async Task RefusedGuest_HasUsedItsChallengeUp()
    {
        await using TestService service = await TestService.StartAsync();
        VerifyRequest request = Direct(await ChallengeAsync(service));

        AttestationVerdict refused = await VerifyAsync(service, request);
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);

        Assert.Equal(["MEASUREMENT_IS_REGISTERED"], Failed(refused));
        MustBeReplay(await VerifyAsync(service, request));
    }

    [Fact]
    public async Task T57_StoreOfChallengesAway_IsNeverAVerdict()
    {
        await using TestService service = await RegisteredAsync();
        VerifyRequest request = Direct(await ChallengeAsync(service));
        service.Challenges.Fault = new StoreUnavailableException("away");

        RpcException error = await Assert.ThrowsAsync<RpcException>(() => VerifyAsync(service, request));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        service.Challenges.Fault = null;
        Assert.Equal(Outcome.Accepted, (await VerifyAsync(service, request)).Outcome);
    }

    [Fact]
    public async Task RegistryAway_LeavesTheChallengeUnused()
    {
        await using TestService service = await RegisteredAsync();
        VerifyRequest request = Direct(await ChallengeAsync(service));
        service.Store.Fault = new StoreUnavailableException("away");

        await Assert.ThrowsAsync<RpcException>(() => VerifyAsync(service, request));

        service.Store.Fault = null;
        Assert.Equal(Outcome.Accepted, (await VerifyAsync(service, request)).Outcome);
    }

    [Theory]
    [InlineData("svsm_manifest")]
    [InlineData("svsm_negotiated")]
    [InlineData("sha512")]
    public async Task T59_ChallengeHashedWithMore_BindsThat(string scheme)
    {
        await using TestService service = await RegisteredAsync();
        ByteString challenge = (await ChallengeAsync(service)).Challenge;
        ChallengeBinding binding = Hashed(challenge, scheme), changed = Hashed(challenge, scheme, last: 9);
        byte[] data = SHA512.HashData([.. challenge, .. Extra(scheme, 4)]);

        AttestationVerdict relayed = await VerifyAsync(service, Request(data, changed));
        AttestationVerdict first = await VerifyAsync(service, Request(data, binding));
        AttestationVerdict again = await VerifyAsync(service, Request(data, binding));

        Assert.Equal(["REPORT_DATA_MATCHES_BINDING"], Failed(relayed));
        Assert.Equal((Outcome.Accepted, "challenge_" + scheme), (first.Outcome, first.Bound.Scheme));
        Assert.Equal([.. challenge, .. Extra(scheme, 4)], first.Bound.Parts.SelectMany(p => p));
        Assert.Equal(challenge, first.Bound.Parts[0]);
        MustBeReplay(again);
    }

    private static async Task<TestService> RegisteredAsync()
    {
        TestService service = await TestService.StartAsync();
        await service.Registry.CreateReferenceValueAsync(Requests.Create(), TestService.Registrar, cancellationToken: Cancellation);
        return service;
    }

    private static async Task<CreateChallengeResponse> ChallengeAsync(TestService service) =>
        await service.Verifier.CreateChallengeAsync(new(), cancellationToken: Cancellation);

    private static async Task<AttestationVerdict> VerifyAsync(TestService service, VerifyRequest request) =>
        (await service.Verifier.VerifyAsync(request, cancellationToken: Cancellation)).Verdict;

    private static VerifyRequest Direct(CreateChallengeResponse challenge) =>
        Request(challenge.Challenge.ToByteArray(), new ChallengeBinding { Challenge = challenge.Challenge });

    private static VerifyRequest Request(byte[] reportData, ChallengeBinding binding)
    {
        VerifyRequest request = Requests.Verify(Scenario.Vcek().WithReport(r => r with { ReportData = reportData }));
        request.Binding = new ReportDataBinding { Challenge = binding };
        return request;
    }

    private static byte[] Extra(string scheme, byte last) =>
        scheme == "svsm_negotiated" ? [.. Enumerable.Repeat((byte)3, 66), .. Enumerable.Repeat(last, 66)] : [1, 2, last];

    private static ChallengeBinding Hashed(ByteString challenge, string scheme, byte last = 4)
    {
        ChallengeBinding binding = new() { Challenge = challenge };
        switch (scheme)
        {
            case "svsm_manifest":
                binding.SvsmManifest = ByteString.CopyFrom(Extra(scheme, last));
                break;
            case "svsm_negotiated":
                binding.SvsmNegotiated = new() { X = Requests.Bytes(66, 3), Y = Requests.Bytes(66, last) };
                break;
            default:
                binding.Sha512 = new() { Parts = { new Sha512Binding.Types.Part { Value = ByteString.CopyFrom(Extra(scheme, last)) } } };
                break;
        }

        return binding;
    }

    // The signature's S, 72 bytes little endian behind R, against the order of P-384 minus it.
    private static byte[] Twin(ReadOnlySpan<byte> report)
    {
        BigInteger order = BigInteger.Parse(
            "0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
            System.Globalization.NumberStyles.HexNumber,
            System.Globalization.CultureInfo.InvariantCulture);
        byte[] twin = report.ToArray();
        Span<byte> s = twin.AsSpan(ReportBuilder.SignedSize + 72, 72);
        byte[] other = (order - new BigInteger(s, isUnsigned: true)).ToByteArray(isUnsigned: true);
        s.Clear();
        other.CopyTo(s);
        return twin;
    }

    private static void MustBeReplay(AttestationVerdict verdict)
    {
        Assert.Equal((Outcome.Rejected, AttestationVerdict.Types.Rejection.Refused), (verdict.Outcome, verdict.Rejection));
        Check check = Assert.Single(verdict.Checks, c => c.Status == Check.Types.Status.Failed);
        Assert.Equal(Replay, check.Id);
        Assert.Contains("issued to this tenant", check.Expected, StringComparison.Ordinal);
        Assert.Contains("unknown, expired or already used", check.Actual, StringComparison.Ordinal);
        Assert.Equal(Check.Types.Status.NotEvaluated, StatusOf(verdict, "EVIDENCE_IS_FRESH"));
        Assert.Null(verdict.Bound);
    }

    private static Check.Types.Status StatusOf(AttestationVerdict verdict, string id) => verdict.Checks.Single(c => c.Id == id).Status;

    private static string[] Failed(AttestationVerdict verdict) => [.. verdict.Checks.Where(c => c.Status == Check.Types.Status.Failed).Select(c => c.Id)];
}
