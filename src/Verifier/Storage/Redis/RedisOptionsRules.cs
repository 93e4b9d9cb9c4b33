using System.Globalization;
using System.Net;

namespace Verifier.Service.Storage.Redis;

/// <summary>The rules of section <c>Store:Redis</c>.</summary>
internal static class RedisOptionsRules
{
    public static void Check(RedisOptions options, ICollection<string> faults)
    {
        CheckEndpoints(options, faults);
        CheckFiles(options, faults);
        if (options.KeyPrefix.Length is 0 or > 64 || !options.KeyPrefix.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '.' or '_' or '-'))
        {
            faults.Add("Store:Redis:KeyPrefix: must be 1 to 64 of [A-Za-z0-9:._-].");
        }

        if (options.CallTimeout < TimeSpan.FromSeconds(0.05) || options.CallTimeout > TimeSpan.FromSeconds(5))
        {
            faults.Add("Store:Redis:CallTimeout: must be 0.05 to 5 seconds.");
        }

        if (options.ConnectTimeout < TimeSpan.FromSeconds(0.1) || options.ConnectTimeout > TimeSpan.FromSeconds(30))
        {
            faults.Add("Store:Redis:ConnectTimeout: must be 0.1 to 30 seconds.");
        }

        if (options.Replicas is < 0 or > 16)
        {
            faults.Add("Store:Redis:Replicas: must be 0 to 16.");
        }

        if (options.RegistryId.Length > 0 && !RegistryIds.IsId(options.RegistryId))
        {
            faults.Add("Store:Redis:RegistryId: must be 32 hexadecimal digits in lower case.");
        }

        CheckSentinels(options, faults);
        if (!RedisDurability.Words.Contains(options.Durability))
        {
            faults.Add($"Store:Redis:Durability: must be one of {string.Join(", ", RedisDurability.Words)}.");
        }
    }

    /// <summary><c>host:port</c>, with an IPv6 address in brackets.</summary>
    public static bool TryParseEndpoint(string text, out string host, out int port)
    {
        int colon = text.LastIndexOf(':');
        host = colon > 0 ? text[..colon] : "";
        port = 0;
        bool bracketed = host is ['[', .., ']'];
        host = bracketed ? host[1..^1] : host;
        return host.Length > 0
            && (bracketed ? IPAddress.TryParse(host, out _) : !host.Contains(':'))
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is > 0 and <= 65535;
    }

    private static void CheckEndpoints(RedisOptions options, ICollection<string> faults)
    {
        bool remote = false;
        for (int i = 0; i < options.Endpoints.Count; i++)
        {
            if (TryParseEndpoint(options.Endpoints[i], out string host, out _))
            {
                remote |= !IsLoopback(host);
            }
            else
            {
                faults.Add($"Store:Redis:Endpoints:{i}: must be host:port.");
            }
        }

        if (remote && !options.Tls.Enabled && !options.UnsafePlaintext)
        {
            faults.Add("Store:Redis:Tls:Enabled: TLS is required for a Redis that is not on loopback; Store:Redis:UnsafePlaintext allows to do without.");
        }

        if (remote && options.PasswordFile.Length == 0 && !options.UnsafeNoAuthentication)
        {
            faults.Add("Store:Redis:PasswordFile: a password is required for a Redis that is not on loopback; Store:Redis:UnsafeNoAuthentication allows to do without.");
        }
    }

    private static void CheckSentinels(RedisOptions options, ICollection<string> faults)
    {
        if (options.SentinelPrimary.Length > 64 || !options.SentinelPrimary.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            faults.Add("Store:Redis:SentinelPrimary: must be at most 64 of [A-Za-z0-9._-].");
        }

        if (options.SentinelPasswordFile.Length > 0 && !File.Exists(options.SentinelPasswordFile))
        {
            faults.Add("Store:Redis:SentinelPasswordFile: there is no such file.");
        }

        if (options.SentinelUser.Length > 0 && options.SentinelPasswordFile.Length == 0)
        {
            faults.Add("Store:Redis:SentinelUser: a user needs Store:Redis:SentinelPasswordFile.");
        }

        if (options.SentinelPrimary.Length == 0 && (options.SentinelUser.Length > 0 || options.SentinelPasswordFile.Length > 0))
        {
            faults.Add("Store:Redis:SentinelPrimary: SentinelUser and SentinelPasswordFile have a meaning only with it.");
        }
    }

    private static void CheckFiles(RedisOptions options, ICollection<string> faults)
    {
        if (options.PasswordFile.Length > 0 && !File.Exists(options.PasswordFile))
        {
            faults.Add("Store:Redis:PasswordFile: there is no such file.");
        }

        if (options.User.Length > 0 && options.PasswordFile.Length == 0)
        {
            faults.Add("Store:Redis:User: a user needs Store:Redis:PasswordFile.");
        }

        if (options.Tls.CaFile.Length > 0 && !File.Exists(options.Tls.CaFile))
        {
            faults.Add("Store:Redis:Tls:CaFile: there is no such file.");
        }

        if (!options.Tls.Enabled && (options.Tls.CaFile.Length > 0 || options.Tls.Host.Length > 0))
        {
            faults.Add("Store:Redis:Tls:Enabled: CaFile and Host have a meaning only with TLS.");
        }
    }

    public static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
