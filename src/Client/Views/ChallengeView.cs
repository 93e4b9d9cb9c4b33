using System.Text.Json.Serialization;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Views;

/// <summary>A challenge, in hexadecimal digits.</summary>
internal sealed record ChallengeView(string Challenge, DateTimeOffset ExpireTime)
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public static ChallengeView Of(V1.CreateChallengeResponse response) =>
        new(Convert.ToHexStringLower(response.Challenge.Span), response.ExpireTime.ToDateTimeOffset());
}
