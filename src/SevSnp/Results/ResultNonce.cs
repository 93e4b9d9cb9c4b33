using SevSnp.Policies;
using SevSnp.Primitives;

namespace SevSnp.Results;

/// <summary>The nonce of a question, where an attestation result can carry it.</summary>
internal static class ResultNonce
{
    // EAR: 12 to 88 characters in JSON; 9 bytes are the first that have 12 in base64url.
    private const int Shortest = 9;
    private const int Longest = 64;

    public static HexBytes? Of(ReportDataBinding binding) => binding switch
    {
        { Challenge: { } challenge } => challenge,
        { Scheme: "nonce" } => binding.Expected,
        { Scheme: "svsm_manifest" or "svsm_negotiated", Parts: [{ Length: >= Shortest and <= Longest } nonce, ..] } => nonce,
        _ => null,
    };
}
