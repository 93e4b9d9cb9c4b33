namespace Verifier.Service.Tokens;

/// <summary>Log messages of result tokens, ids 8200 to 8299.</summary>
internal static partial class TokenLog
{
    [LoggerMessage(8200, LogLevel.Information, "Result tokens are signed by key {KeyId}")]
    public static partial void Signing(ILogger logger, string keyId);

    [LoggerMessage(8201, LogLevel.Error, "Tokens:KeyFiles:{Index}: the changed file is refused, its old key stays in use: {Fault}")]
    public static partial void KeyRefused(ILogger logger, int index, string fault);
}
