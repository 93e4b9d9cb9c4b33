using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Verifier.Contracts.V1;

namespace Verifier.Sdk;

/// <summary>
/// Verifies guests through a verifier service. A guest is returned only when it was accepted for a challenge that this client asked for;
/// everything else is an exception. May be used by many threads; keep one for the life of the process.
/// </summary>
public sealed class VerifierClient : IDisposable
{
    private const int ChallengeSize = 64;

    private readonly VerifierClientOptions _options;
    private readonly GrpcChannel _channel;
    private readonly VerifierService.VerifierServiceClient _service;
    private readonly Retries _retries;

    /// <summary>Makes a client; nothing is sent before the first call.</summary>
    /// <param name="options">Where the service is, and how to ask.</param>
    /// <exception cref="ArgumentException">An address is no https address, nor one of http that is allowed; or replicas are both listed and looked up.</exception>
    public VerifierClient(VerifierClientOptions options)
    {
        _channel = VerifierChannel.Create(options);
        _options = options;
        _service = new(_channel);
        _retries = new(options);
    }

    /// <summary>
    /// Asks for a challenge, gets evidence for it from the guest, and has the service judge it. What can pass by itself is repeated from the
    /// start, with a new challenge and new evidence: a call that failed may have used the challenge up.
    /// </summary>
    /// <param name="source">Gets the evidence.</param>
    /// <param name="expectations">What is expected beyond the tenant's policy; can only tighten. Null for nothing.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The accepted guest.</returns>
    /// <exception cref="GuestRefusedException">The guest is refused, or the answer is not one to this question.</exception>
    /// <exception cref="VerifierUnavailableException">It cannot be judged now.</exception>
    /// <exception cref="VerifierRequestException">The service does not take the question.</exception>
    public Task<VerifiedGuest> VerifyAsync(EvidenceSource source, Expectations? expectations = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return _retries.RunAsync(() => TryAsync(source, expectations, cancellation), cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private async Task<VerifiedGuest> TryAsync(EvidenceSource source, Expectations? expectations, CancellationToken cancellation)
    {
        GuestChallenge challenge = await ChallengeAsync(cancellation);
        GuestEvidence evidence = await source(challenge, cancellation);
        VerifyRequest request = new()
        {
            Tenant = _options.Tenant,
            Evidence = evidence.ToProto(),
            Binding = new ReportDataBinding { Challenge = evidence.Use.ToProto(challenge.Bytes) },
            Expectations = expectations,
        };
        CallOptions call = await CallAsync(cancellation);
        return await AcceptanceAge.DemandAsync(
            async () => AnswerCheck.Demand(await _service.VerifyAsync(request, call), challenge, evidence), _ => true, _options.AcceptWithin, _options.Clock);
    }

    private async Task<GuestChallenge> ChallengeAsync(CancellationToken cancellation)
    {
        CreateChallengeResponse response = await _service.CreateChallengeAsync(new CreateChallengeRequest { Tenant = _options.Tenant }, await CallAsync(cancellation));
        return response is { Challenge.Length: ChallengeSize, ExpireTime: { } end } && end.Nanos is >= 0 and < 1_000_000_000 && IsTime(end)
            ? new GuestChallenge(response.Challenge.ToByteArray(), end.ToDateTimeOffset())
            : throw new GuestRefusedException("The service gave no challenge.", null);
    }

    private async Task<CallOptions> CallAsync(CancellationToken cancellation)
    {
        Metadata headers = [];
        if (_options.BearerToken is { } give && await give(cancellation) is { } token)
        {
            // As the channel was made: https, loopback, or plaintext that was asked for aloud, over which no token goes.
            if (_options.Addresses.Any(a => a.Scheme != Uri.UriSchemeHttps && !a.IsLoopback))
            {
                throw new InvalidOperationException("A bearer token is sent over TLS or on the loopback interface only.");
            }

            headers.Add("authorization", $"Bearer {token}");
        }

        // The transport counts by the machine's clock.
        return new CallOptions(headers, TimeProvider.System.GetUtcNow().UtcDateTime + _options.CallTimeout, cancellation);
    }

    private static bool IsTime(Timestamp time) => time.Seconds is >= 0 and <= 253_402_300_799;
}
