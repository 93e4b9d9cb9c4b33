namespace Verifier.Ledger;

/// <summary>Who made a change, as the service knew the caller when it was made.</summary>
/// <param name="Name">The name that is unique for the identity, and is shown.</param>
/// <param name="Issuer">Who vouched for the identity: an OIDC issuer, a certificate authority, or a word for a local token.</param>
/// <param name="Subject">The identity's name at its issuer.</param>
/// <param name="Claims">What else the issuer said and was decided by, each once.</param>
public sealed record EntryActor(string Name, string Issuer, string Subject, IReadOnlyDictionary<string, string> Claims);
