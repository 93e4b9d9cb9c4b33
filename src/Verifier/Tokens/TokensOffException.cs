namespace Verifier.Service.Tokens;

/// <summary>A result token was asked for and cannot be made as the service is configured.</summary>
internal sealed class TokensOffException(string text) : Exception(text)
{
    public const string NoIssuer = "the service makes no result tokens: neither Tokens:Issuer nor Tokens:Port is set";
    public const string NoKey = "the service makes no result tokens: it has no key, Tokens:KeyFiles must name one";
}
