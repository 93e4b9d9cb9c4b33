using System.Text.Json;
using System.Text.Json.Serialization;

namespace Verifier.Service.Identity.Rules;

/// <summary>Rules as they are stored.</summary>
internal static partial class RuleCodec
{
    private const int CurrentVersion = 1;

    public static byte[] Encode(IdentityRule rule) => JsonSerializer.SerializeToUtf8Bytes(
        new RuleDocument(CurrentVersion, rule.Description, [.. rule.Roles], rule.IdPrefix)
        {
            Github = rule.Condition as GitHubCondition,
            Gitlab = rule.Condition as GitLabCondition,
            Kubernetes = rule.Condition as KubernetesCondition,
            Other = rule.Condition as ClaimsCondition,
            Certificate = rule.Condition as CertificateCondition,
        },
        RuleJson.Default.RuleDocument);

    /// <summary>Null when it is not understood completely, or would not be taken today: such a rule gives nothing to anyone.</summary>
    public static IdentityRule? TryDecode(ReadOnlySpan<byte> json)
    {
        try
        {
            RuleDocument? d = JsonSerializer.Deserialize(json, RuleJson.Default.RuleDocument);
            IdentityCondition[] conditions = d is null ? [] : [.. new IdentityCondition?[] { d.Github, d.Gitlab, d.Kubernetes, d.Other, d.Certificate }.OfType<IdentityCondition>()];
            if (d is not { V: CurrentVersion } || conditions is not [var condition])
            {
                return null;
            }

            IdentityRule rule = new(condition, d.Roles) { Description = d.Description, IdPrefix = d.IdPrefix };
            return RuleFaults.Of(rule).Count == 0 ? rule : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal sealed record RuleDocument(int V, string Description, Role[] Roles, string IdPrefix)
    {
        public GitHubCondition? Github { get; init; }

        public GitLabCondition? Gitlab { get; init; }

        public KubernetesCondition? Kubernetes { get; init; }

        public ClaimsCondition? Other { get; init; }

        public CertificateCondition? Certificate { get; init; }
    }

    [JsonSerializable(typeof(RuleDocument))]
    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        UseStringEnumConverter = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false)]
    private sealed partial class RuleJson : JsonSerializerContext;
}
