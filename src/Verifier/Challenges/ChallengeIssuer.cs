using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SevSnp.Policies;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Challenges;

/// <summary>A challenge and when it ends to serve.</summary>
internal sealed record IssuedChallenge(ReadOnlyMemory<byte> Bytes, DateTimeOffset ExpireTime);

/// <summary>Issues challenges of as many random bytes as REPORT_DATA has.</summary>
internal sealed class ChallengeIssuer(IChallengeStore store, IOptions<ChallengeOptions> options, ChallengeMetrics metrics, TimeProvider clock)
{
    public static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(1);

    public TimeSpan LongestLife => options.Value.Life;

    /// <summary>Null when the tenant has as many unused ones as are kept.</summary>
    /// <param name="tenant">Who will verify with it.</param>
    /// <param name="life">How long it shall serve, <see cref="ShortestLife"/> to <see cref="LongestLife"/>; null for the latter.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<IssuedChallenge?> IssueAsync(string tenant, TimeSpan? life, CancellationToken cancellation)
    {
        TimeSpan serves = life ?? LongestLife;
        byte[] challenge = RandomNumberGenerator.GetBytes(ReportDataBinding.Size);
        DateTimeOffset end = clock.GetUtcNow() + serves;
        bool isKept = await store.TryAddAsync(tenant, challenge, serves, options.Value.MaxOutstanding, cancellation);
        metrics.Count(isKept ? ChallengeMetrics.Issued : ChallengeMetrics.Refused);
        return isKept ? new IssuedChallenge(challenge, end) : null;
    }
}
