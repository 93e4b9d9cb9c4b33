using StackExchange.Redis;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Faults of Redis in the words of the store: what may pass by itself, and what needs an operator. Nothing here is ever read as "not
/// there". Texts name Redis's word for the fault, never the reply itself, which can hold keys.
/// </summary>
internal static class RedisErrors
{
    /// <summary>Redis turned the connection away, or its certificate was not the one expected; the client cannot always tell these apart.</summary>
    private const string RefusedConnection =
        "The connection to Redis was refused: check Store:Redis:User and PasswordFile, and with TLS its CaFile and Host.";

    public static bool IsFault(Exception e) => e is RedisException or RedisTimeoutException or RedisCommandException or TimeoutException or ObjectDisposedException;

    public static Exception Map(Exception e) => e switch
    {
        RedisServerException server => Map(server),
        RedisConnectionException when WasTurnedAway(e) => Unavailable(RefusedConnection, e),
        RedisConnectionException c => Unavailable(
            $"There is no connection to Redis ({c.FailureType}): it is away, or Store:Redis:Endpoints, Store:Redis:User, its password or Store:Redis:Tls is wrong.", e),
        RedisTimeoutException or TimeoutException => Unavailable("Redis did not answer in time.", e),
        _ => Unavailable("Redis cannot be asked.", e),
    };

    public static StoreUnavailableException Late(Exception? e = null) => Unavailable("Redis did not answer in time.", e);

    public static StoreUnavailableException NotPrimary(Exception? e = null) => Unavailable("This Redis is a replica now; the primary is being looked for.", e);

    /// <summary>By its text, since the client gives this kind to any error it does not know. EXEC is told so after a MULTI that was refused.</summary>
    public static bool IsUnknownCommand(RedisServerException e) =>
        e.Message.Contains("unknown command", StringComparison.OrdinalIgnoreCase)
        || e.Message.Contains("unknown subcommand", StringComparison.OrdinalIgnoreCase)
        || e.Message.Contains("without MULTI", StringComparison.Ordinal);

    private static bool WasTurnedAway(Exception? e) =>
        e is not null && (e is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } || WasTurnedAway(e.InnerException));

    private static Exception Map(RedisServerException e) => e.Kind switch
    {
        RedisErrorKind.NoAuth or RedisErrorKind.WrongPass =>
            new StoreUnfitException("Redis refuses the credentials: check Store:Redis:User and Store:Redis:PasswordFile.", e),
        RedisErrorKind.NoPermission or RedisErrorKind.NotPermitted => NoRight(e),
        RedisErrorKind.WrongType =>
            new StoreUnfitException("A key of the store has a type it cannot have: something else writes below Store:Redis:KeyPrefix.", e),
        RedisErrorKind.CrossSlot =>
            new StoreUnfitException("Redis keeps keys of one tenant in different slots: a proxy seems to ignore hash tags.", e),
        _ when IsUnknownCommand(e) =>
            new StoreUnfitException("Redis does not accept a command the store needs: it must be version 7.0 or later, with the rights listed in docs/store.md.", e),
        RedisErrorKind.OutOfMemory => Unavailable("Redis has reached its maxmemory and refuses writes.", e),
        RedisErrorKind.Misconfigured => Unavailable("Redis cannot write to its disk and refuses changes (MISCONF).", e),
        RedisErrorKind.ReadOnly => NotPrimary(e),
        _ => Unavailable($"Redis answers with an error ({e.Kind}).", e),
    };

    public static StoreUnfitException NoRight(Exception? e) =>
        new("Redis refuses a command or key to this user: give it the rights listed in docs/store.md.", e);

    private static StoreUnavailableException Unavailable(string message, Exception? e) => new(message, e);
}
