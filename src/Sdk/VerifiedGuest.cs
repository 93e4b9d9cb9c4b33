using Verifier.Contracts.V1;

namespace Verifier.Sdk;

/// <summary>A guest that was accepted for a challenge of this client's own. There is no other way to get one.</summary>
public sealed class VerifiedGuest
{
    internal VerifiedGuest(VerifyResponse response, GuestChallenge challenge, GuestEvidence evidence) =>
        (Response, Challenge, Evidence) = (response, challenge, evidence);

    /// <summary>The whole answer.</summary>
    public VerifyResponse Response { get; }

    /// <summary>What was decided, and why. Its outcome is ACCEPTED.</summary>
    public AttestationVerdict Verdict => Response.Verdict;

    /// <summary>The challenge, which is used up.</summary>
    public GuestChallenge Challenge { get; }

    /// <summary>The evidence that was accepted. What it hashed with the challenge is bound: talk to that key and no other.</summary>
    public GuestEvidence Evidence { get; }

    /// <summary>What a reader should know although it did not decide.</summary>
    public IReadOnlyList<Warning> Warnings => Verdict.Warnings;
}
