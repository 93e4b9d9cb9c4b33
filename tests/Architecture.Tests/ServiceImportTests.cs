namespace Verifier.Architecture.Tests;

/// <summary>What each folder of the service and the client may use.</summary>
public sealed class ServiceImportTests
{
    private const string Contracts = "Verifier.Contracts";
    private const string Redis = "StackExchange.Redis";

    private static readonly string[] HttpTypes =
        ["System.Net.Http.HttpClient", "System.Net.Http.IHttpClientFactory", "System.Net.Http.HttpMessageInvoker", "System.Net.Http.SocketsHttpHandler", "System.Net.Http.HttpClientHandler"];

    private static readonly Lazy<IReadOnlyList<Use>> Service =
        new(() => NameReader.Read("Verifier.Service", Repository.Sources("src/Verifier"), web: true));

    private static readonly Lazy<IReadOnlyList<Use>> Client = new(() => NameReader.Read("verifierctl", Repository.Sources("src/Client")));

    [Fact]
    public void GeneratedMessages_StayInRpc() => Expect.None(MessagesOutsideRpc(Service.Value));

    [Theory]
    [InlineData("Pipeline", "class A { Verifier.Contracts.V1.VerifyRequest? R; }")]
    [InlineData("Registry", "using M = Verifier.Contracts.V1.ReferenceValue; class A { object O => new M(); }")]
    public void GeneratedMessageOutsideRpc_IsSeen(string folder, string text) => Assert.NotEmpty(MessagesOutsideRpc(Sample.Service((folder, text))));

    [Fact]
    public void GeneratedMessageInRpc_IsAllowed() =>
        Expect.None(MessagesOutsideRpc(Sample.Service(("Rpc/Mapping", "class A { Verifier.Contracts.V1.VerifyRequest? R; }"))));

    [Fact]
    public void Redis_StaysInItsStore() => Expect.None(RedisOutsideStorage(Service.Value));

    [Theory]
    [InlineData("Storage", "class A { StackExchange.Redis.IDatabase? D; }")]
    [InlineData("Kds", "using StackExchange.Redis; class A { object O => RedisValue.Null; }")]
    [InlineData("Storage/RedisExtras", "class A { StackExchange.Redis.IDatabase? D; }")]
    public void RedisOutsideItsStore_IsSeen(string folder, string text) => Assert.NotEmpty(RedisOutsideStorage(Sample.Service((folder, text))));

    [Fact]
    public void HttpClient_StaysWhereItIsAccountedFor() => Expect.None(HttpOutsideItsRooms(Service.Value));

    [Theory]
    [InlineData("Pipeline", "class A { HttpClient? C; }")]
    [InlineData("Identity/Rules", "class A { HttpClient? C; }")]
    [InlineData("Registry", "class A { object O(IHttpClientFactory f) { var c = f.CreateClient(\"x\"); return c; } }")]
    public void HttpClientOutsideItsRooms_IsSeen(string folder, string text) => Assert.NotEmpty(HttpOutsideItsRooms(Sample.Service((folder, text))));

    [Fact]
    public void OpenTelemetry_StaysInTelemetry() => Expect.None(TelemetryOutside(Service.Value));

    [Fact]
    public void OpenTelemetryOutsideTelemetry_IsSeen() =>
        Assert.NotEmpty(TelemetryOutside(Sample.Service(("Rpc", "class A { void B(IServiceCollection s) => s.AddOpenTelemetry(); }"))));

    [Fact]
    public void Sqlite_StaysInItsStore() => Expect.None(SqliteOutsideStorage(Service.Value));

    [Fact]
    public void SqliteOutsideItsStore_IsSeen() =>
        Assert.NotEmpty(SqliteOutsideStorage(Sample.Service(("Registry", "class A { Microsoft.Data.Sqlite.SqliteConnection? C; }"))));

    [Fact]
    public void IdentityModel_StaysWhereTokensAre() => Expect.None(IdentityModelOutside(Service.Value));

    [Theory]
    [InlineData("Rpc", "class A { Microsoft.IdentityModel.JsonWebTokens.JsonWebToken? T; }")]
    [InlineData("Pipeline", "using Microsoft.IdentityModel.Tokens; class A { SecurityKey? K; }")]
    public void IdentityModelElsewhere_IsSeen(string folder, string text) => Assert.NotEmpty(IdentityModelOutside(Sample.Service((folder, text))));

    [Fact]
    public void Service_ReadsNoAmbientState() => Expect.None(Rules.AmbientState(Service.Value));

    [Fact]
    public void Sdk_ReadsNoAmbientState() => Expect.None(Rules.AmbientState(NameReader.Read("Verifier.Sdk", Repository.Sources("src/Sdk"))));

    [Fact]
    public void Client_ReadsNoAmbientState() => Expect.None(Rules.AmbientState(Client.Value));

    [Theory]
    [InlineData("Pipeline", "class A { DateTimeOffset N => DateTimeOffset.UtcNow; }")]
    [InlineData("Registry", "using D = System.DateTime; class A { D N => D.Now; }")]
    [InlineData("Storage/Sqlite", "using static System.Environment; class A { string? N => GetEnvironmentVariable(\"HOME\"); }")]
    public void AmbientState_IsSeen(string folder, string text)
    {
        Assert.NotEmpty(Rules.AmbientState(Sample.Service((folder, text))));
        Assert.NotEmpty(Rules.AmbientState(Sample.Client((folder, text))));
    }

    private static IEnumerable<Use> MessagesOutsideRpc(IEnumerable<Use> uses) => Rules.AssemblyOutside(uses, a => a == Contracts, "Rpc");

    private static IEnumerable<Use> RedisOutsideStorage(IEnumerable<Use> uses) => Rules.AssemblyOutside(uses, a => a == Redis, "Storage/Redis");

    // Two parties outside are asked, each from one folder with its own limits: AMD's key service, and issuers of identities for their keys.
    private static IEnumerable<Use> HttpOutsideItsRooms(IEnumerable<Use> uses) => Rules.TypeOutside(uses, HttpTypes, "Kds", "Identity/Issuers", "Health");

    private static IEnumerable<Use> TelemetryOutside(IEnumerable<Use> uses) =>
        Rules.AssemblyOutside(uses, a => a == "OpenTelemetry" || a.StartsWith("OpenTelemetry.", StringComparison.Ordinal), "Telemetry");

    private static IEnumerable<Use> IdentityModelOutside(IEnumerable<Use> uses) =>
        Rules.AssemblyOutside(uses, a => a.StartsWith("Microsoft.IdentityModel.", StringComparison.Ordinal), "Tokens", "Identity");

    private static IEnumerable<Use> SqliteOutsideStorage(IEnumerable<Use> uses) => Rules.AssemblyOutside(uses, a => a == "Microsoft.Data.Sqlite", "Storage/Sqlite");
}
