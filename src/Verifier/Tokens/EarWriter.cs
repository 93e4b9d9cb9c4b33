using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Results;
using Verifier.Service.Hosting;

namespace Verifier.Service.Tokens;

/// <summary>What a token says of itself.</summary>
/// <param name="Issuer"><c>iss</c>.</param>
/// <param name="Audience"><c>aud</c>.</param>
/// <param name="Id"><c>jti</c>, unique.</param>
/// <param name="IssuedAt"><c>iat</c> and <c>nbf</c>, whole seconds.</param>
/// <param name="Life">Until <c>exp</c>.</param>
internal sealed record TokenFrame(string Issuer, string Audience, string Id, DateTimeOffset IssuedAt, TimeSpan Life);

/// <summary>Writes the payload of an EAR (draft-ietf-rats-ear): the claims of a result under the names of one generation.</summary>
internal static class EarWriter
{
    private const string Submodule = "cpu0";

    // Bytes of a payload with all its claims.
    private const int UsualSize = 4096;

    /// <summary>Who wrote this verifier, and which build of it judged.</summary>
    private const string Developer = "The verifier authors";

    private static readonly string Build = ServiceVersion.Text;

    public static string Write(AttestationResult result, EarNames names, TokenFrame frame, TokenSettings settings)
    {
        using MemoryStream buffer = new(UsualSize);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("eat_profile", names.Profile);
            json.WriteString("iss", frame.Issuer);
            json.WriteString("aud", frame.Audience);
            json.WriteNumber("iat", frame.IssuedAt.ToUnixTimeSeconds());
            json.WriteNumber("nbf", frame.IssuedAt.ToUnixTimeSeconds());
            json.WriteNumber("exp", (frame.IssuedAt + frame.Life).ToUnixTimeSeconds());
            json.WriteString("jti", frame.Id);
            if (result.Nonce is { } nonce)
            {
                json.WriteString("eat_nonce", Base64UrlEncoder.Encode(nonce.Span.ToArray()));
            }

            json.WriteStartObject(names.VerifierId);
            json.WriteString("developer", Developer);
            json.WriteString("build", Build);
            json.WriteEndObject();
            if (names.IsOf03)
            {
                json.WriteString(names.Status, result.Status.WireName());
            }

            json.WriteStartObject("submods");
            json.WritePropertyName(Submodule);
            WriteAppraisal(json, result, names, settings);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void WriteAppraisal(Utf8JsonWriter json, AttestationResult result, EarNames names, TokenSettings settings)
    {
        json.WriteStartObject();
        json.WriteString(names.Status, result.Status.WireName());
        json.WriteStartObject(names.Vector);
        foreach ((TrustClaim claim, sbyte value) in result.Vector.Made)
        {
            json.WriteNumber(claim.WireName(), value);
        }

        json.WriteEndObject();
        string policy = $"policies/{result.Policy.Name}{(result.Policy.Version > 0 ? $"@{result.Policy.Version}" : "")}";
        if (names.IsOf03)
        {
            json.WriteStartArray(names.PolicyId);
            json.WriteStringValue(policy);
            json.WriteEndArray();
        }
        else
        {
            json.WriteString(names.PolicyId, policy);
        }

        if (result.Evidence is { } evidence)
        {
            json.WritePropertyName(names.AnnotatedEvidence);
            EvidenceWriter.Write(json, evidence, result, settings);
        }

        json.WritePropertyName(names.PolicyClaims);
        WriteVerdict(json, result);
        if (result.AttestedKey is { } key)
        {
            json.WriteStartObject(names.KeyAttestation);
            json.WriteString("akpub", Base64UrlEncoder.Encode(key.Span.ToArray()));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // The verifier's own words. They are there for evidence that is not authentic too, of which nothing else is said.
    private static void WriteVerdict(Utf8JsonWriter json, AttestationResult result)
    {
        json.WriteStartObject();
        json.WriteString("outcome", result.Accepted ? "accepted" : "rejected");
        if (!result.Accepted)
        {
            json.WriteString("rejection", result.Rejection == RejectionKind.Refused ? "refused" : "not_authentic");
        }

        WriteTexts(json, "failed_checks", result.FailedChecks.Select(id => id.WireName()));
        WriteTexts(json, "warnings", result.Warnings);
        json.WriteString("evidence_id", result.EvidenceId.ToString());
        json.WriteString("policy_sha256", result.Policy.Sha256.ToString());
        json.WriteNumber("judge_time", result.JudgedAt.ToUnixTimeSeconds());
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
