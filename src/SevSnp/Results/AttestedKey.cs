using SevSnp.Crypto;
using SevSnp.Policies;
using SevSnp.Primitives;

namespace SevSnp.Results;

/// <summary>The guest's public key that a binding holds.</summary>
internal static class AttestedKey
{
    private const string Negotiated = "svsm_negotiated";
    private const string ByChallenge = "challenge_svsm_negotiated";

    /// <summary>
    /// The DER of its SubjectPublicKeyInfo; null when the scheme binds no key, or when what it binds is no point on P-521.
    /// </summary>
    public static HexBytes? Of(ReportDataBinding binding)
    {
        if (binding is not { Scheme: Negotiated or ByChallenge, Parts: [_, var x, var y] })
        {
            return null;
        }

        return P521.TryEncode(x.Span, y.Span, out byte[]? der) ? new HexBytes(der) : null;
    }
}
