namespace Verifier.Sdk;

/// <summary>What a guest has to put into the REPORT_DATA of a fresh report. Serves once.</summary>
/// <param name="Bytes">64 random bytes.</param>
/// <param name="ExpireTime">When it ends to serve.</param>
public sealed record GuestChallenge(ReadOnlyMemory<byte> Bytes, DateTimeOffset ExpireTime);

/// <summary>Gets evidence for a challenge from the guest. Called again with another challenge when a try has to be repeated.</summary>
/// <param name="challenge">The challenge.</param>
/// <param name="cancellation">Ends the waiting.</param>
/// <returns>The evidence.</returns>
public delegate Task<GuestEvidence> EvidenceSource(GuestChallenge challenge, CancellationToken cancellation);
