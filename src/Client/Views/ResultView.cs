namespace Verifier.Client.Views;

/// <summary>A signed result that was checked.</summary>
internal sealed record ResultView
{
    /// <summary><c>affirming</c>, <c>warning</c> or <c>contraindicated</c>.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset ExpireTime { get; init; }

    public required string KeyId { get; init; }

    /// <summary>The JWT.</summary>
    public required string Token { get; init; }
}
