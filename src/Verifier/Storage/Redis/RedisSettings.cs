using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Verifier.Service.Storage.Redis;

/// <summary>The options of the client, made from ours.</summary>
internal static class RedisSettings
{
    /// <summary>The connection on which replicas are waited for: what is asked there may take so much longer.</summary>
    public const string Rounds = "verifier-rounds";

    /// <summary>For the sentinels, which are asked for an address and nothing else.</summary>
    public static ConfigurationOptions CreateForSentinels(RedisOptions options)
    {
        ConfigurationOptions settings = Create(options, "verifier-sentinels", null);
        settings.User = options.SentinelUser.Length == 0 ? null : options.SentinelUser;
        settings.Password = options.SentinelPasswordFile.Length == 0 ? null : ReadPassword(options.SentinelPasswordFile);
        settings.CommandMap = CommandMap.Sentinel;
        return settings;
    }

    /// <param name="options">Ours.</param>
    /// <param name="clientName">How the connection is called in Redis.</param>
    /// <param name="primary">The primary as the sentinels tell it; null: what is configured.</param>
    public static ConfigurationOptions Create(RedisOptions options, string clientName, string? primary)
    {
        int timeout = (int)options.CallTimeout.TotalMilliseconds * (clientName == Rounds ? 3 : 1);
        ConfigurationOptions settings = new()
        {
            ClientName = clientName,
            User = options.User.Length == 0 ? null : options.User,
            Password = options.PasswordFile.Length == 0 ? null : ReadPassword(options.PasswordFile),
            AbortOnConnectFail = false,
            ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds,
            AsyncTimeout = timeout,
            SyncTimeout = timeout,
            // A call that finds no connection fails at once instead of waiting for one: nothing piles up during an outage.
            BacklogPolicy = BacklogPolicy.FailFast,
            ReconnectRetryPolicy = new LinearRetry(200),
            // Timeouts and dead connections are found by the heartbeat, so it must be quicker than a call may take.
            HeartbeatInterval = TimeSpan.FromMilliseconds(Math.Clamp(timeout / 2, 50, 500)),
            KeepAlive = 1,
            // A replica that was made the primary is found by asking again.
            ConfigCheckSeconds = 5,
            // For CONFIG GET alone; what the user may do is for Redis to say.
            AllowAdmin = true,
            SetClientLibrary = false,
            ConfigurationChannel = "",
            TieBreaker = "",
            IncludeDetailInExceptions = false,
            CommandMap = CommandMap.Create(["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "PUBLISH"], available: false),
        };
        foreach (string endpoint in primary is null ? options.Endpoints : [primary])
        {
            settings.EndPoints.Add(endpoint);
        }

        if (primary is not null && !options.Tls.Enabled && !options.UnsafePlaintext
            && !(RedisOptionsRules.TryParseEndpoint(primary, out string host, out _) && RedisOptionsRules.IsLoopback(host)))
        {
            throw new Registry.StoreUnfitException("The sentinels name a primary that is not on loopback: Store:Redis:Tls:Enabled is required, or Store:Redis:UnsafePlaintext.");
        }

        if (options.Tls.Enabled)
        {
            settings.Ssl = true;
            settings.SslHost = options.Tls.Host.Length == 0 ? null : options.Tls.Host;
            if (options.Tls.CaFile.Length > 0)
            {
                settings.CertificateValidation += (_, certificate, _, errors) => IsTrusted(certificate, errors, options.Tls.CaFile);
            }
        }

        return settings;
    }

    public static string ReadPassword(string file) => File.ReadAllText(file).TrimEnd('\n').TrimEnd('\r');

    /// <summary>Only the authorities of the file count, and the name must fit. The file is read at each connection, so that it can be renewed.</summary>
    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, string caFile)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(caFile);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        using X509Certificate2 leaf = new(certificate);
        return chain.Build(leaf);
    }
}
