namespace Verifier.Service.Identity.Issuers;

/// <summary>Signatures that a token may have: with a public key, never <c>none</c> and never a shared secret.</summary>
internal static class TokenAlgorithms
{
    public const string Rs256 = "RS256";
    public const string Es256 = "ES256";
    public const string Es384 = "ES384";

    public static IReadOnlyList<string> All { get; } = [Rs256, Es256, Es384];
}
