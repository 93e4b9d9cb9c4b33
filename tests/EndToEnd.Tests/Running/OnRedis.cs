using Verifier.TestKit.Redis;

namespace Verifier.EndToEnd.Tests.Running;

/// <summary>Settings of a service whose store is a Redis with TLS and an ACL user.</summary>
internal static class OnRedis
{
    public static string[] Settings(RedisServer redis) =>
    [
        $"--Store:Redis:Endpoints:0={redis.Endpoint}",
        $"--Store:Redis:User={RedisServer.User}",
        $"--Store:Redis:PasswordFile={redis.PasswordFile}",
        "--Store:Redis:Tls:Enabled=true",
        $"--Store:Redis:Tls:CaFile={redis.Certificates.CaFile}",
        "--Store:Redis:Tls:Host=redis.test",
        $"--Log:KeyFile={redis.LogKeyFile}",
    ];
}
