namespace Verifier.Service.Tokens;

/// <summary>A generation of the names of EAR claims.</summary>
internal enum EarProfile
{
    /// <summary>2023 to April 2025: dots and hyphens.</summary>
    Ear2023 = 0,

    /// <summary>draft-ietf-rats-ear-03: underscores.</summary>
    Ear03 = 1,
}

/// <summary>What is asked of a result beside the verdict.</summary>
/// <param name="Audience">Who it is for.</param>
/// <param name="Profile">How its claims are named.</param>
internal sealed record ResultWish(string Audience, EarProfile Profile);

/// <summary>The names of one generation. A token takes all its names from one.</summary>
internal sealed record EarNames
{
    public required string Profile { get; init; }

    public required string VerifierId { get; init; }

    public required string Status { get; init; }

    public required string Vector { get; init; }

    public required string PolicyId { get; init; }

    /// <summary>True where a list of policies is written, and the status of the whole beside that of each part.</summary>
    public required bool IsOf03 { get; init; }

    public required string AnnotatedEvidence { get; init; }

    public required string PolicyClaims { get; init; }

    public required string KeyAttestation { get; init; }

    public static EarNames Of(EarProfile profile) => profile == EarProfile.Ear03 ? Ear03 : Ear2023;

    private static EarNames Ear2023 { get; } = new()
    {
        Profile = "tag:github.com,2023:veraison/ear",
        VerifierId = "ear.verifier-id",
        Status = "ear.status",
        Vector = "ear.trustworthiness-vector",
        PolicyId = "ear.appraisal-policy-id",
        IsOf03 = false,
        AnnotatedEvidence = "ear.veraison.annotated-evidence",
        PolicyClaims = "ear.veraison.policy-claims",
        KeyAttestation = "ear.veraison.key-attestation",
    };

    private static EarNames Ear03 { get; } = new()
    {
        Profile = "tag:ietf.org,2026:rats/ear#03",
        VerifierId = "ear_verifier_id",
        Status = "ear_status",
        Vector = "ear_trustworthiness_vector",
        PolicyId = "ear_appraisal_policy_ids",
        IsOf03 = true,
        AnnotatedEvidence = "ear_veraison_annotated_evidence",
        PolicyClaims = "ear_veraison_policy_claims",
        KeyAttestation = "ear_veraison_key_attestation",
    };
}
