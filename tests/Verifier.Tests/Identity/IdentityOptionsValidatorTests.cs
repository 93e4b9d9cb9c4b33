using Verifier.Service.Identity;

namespace Verifier.Tests.Identity;

/// <summary>T109: an issuer whose word must not be taken stops the service, with the name of the setting.</summary>
public sealed class IdentityOptionsValidatorTests
{
    private static readonly Dictionary<string, (string? Setting, Action<IssuerOptions> Change)> Cases = new()
    {
        ["as it is"] = (null, _ => { }),
        ["path"] = (null, o => o.Issuer = "https://ghe.example/_services/token"),
        ["slash at the end"] = (null, o => o.Issuer = "https://issuer.example/"),
        ["http on loopback"] = (null, o => o.Issuer = "http://127.0.0.1:8080"),
        ["keys with a query"] = (null, o => o.JwksUri = "https://issuer.example/keys?v=1"),
        ["no issuer"] = ("Issuer", o => o.Issuer = null),
        ["http"] = ("Issuer", o => o.Issuer = "http://issuer.example"),
        ["user"] = ("Issuer", o => o.Issuer = "https://me@issuer.example"),
        ["query"] = ("Issuer", o => o.Issuer = "https://issuer.example?a"),
        ["fragment"] = ("Issuer", o => o.Issuer = "https://issuer.example#a"),
        ["legacy Kubernetes"] = ("Issuer", o => o.Issuer = "kubernetes/serviceaccount"),
        ["no audience"] = ("Audience", o => o.Audience = null),
        ["audience with a space"] = ("Audience", o => o.Audience = "a b"),
        ["shared secret"] = ("Algorithms", o => o.Algorithms = ["HS256"]),
        ["no signature"] = ("Algorithms", o => o.Algorithms = ["RS256", "none"]),
        ["keys over http"] = ("JwksUri", o => o.JwksUri = "http://issuer.example/keys"),
        ["authorities away"] = ("CaFile", o => o.CaFile = "/nowhere/ca.pem"),
        ["proxy that is none"] = ("Proxy", o => o.Proxy = "proxy"),
        ["age too small"] = ("MaxAge", o => o.MaxAge = TimeSpan.FromSeconds(59)),
        ["age too large"] = ("MaxAge", o => o.MaxAge = TimeSpan.FromHours(25)),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void T109_Issuer_IsCheckedAtStart(string name)
    {
        IssuerOptions issuer = Good();
        Cases[name].Change(issuer);

        string[] faults = [.. new IdentityOptionsValidator().Validate(null, new IdentityOptions { Issuers = [issuer] }).Failures ?? []];

        Assert.Equal(Cases[name].Setting is { } setting ? [$"Identity:Issuers:0:{setting}"] : [], faults.Select(f => string.Join(':', f.Split(':')[..4])));
    }

    [Fact]
    public void IssuerNamedTwice_IsRefused() => Assert.Equal(
        ["Identity:Issuers:1:Issuer: is named twice"], new IdentityOptionsValidator().Validate(null, new IdentityOptions { Issuers = [Good(), Good()] }).Failures);

    [Fact]
    public void AuthoritiesThatAreNone_AreRefused()
    {
        string file = Path.GetTempFileName();
        IssuerOptions issuer = Good();
        issuer.CaFile = file;

        Assert.Equal(["Identity:Issuers:0:CaFile: must hold certificates in PEM"], new IdentityOptionsValidator().Validate(null, new IdentityOptions { Issuers = [issuer] }).Failures);
        File.Delete(file);
    }

    private static IssuerOptions Good() => new() { Issuer = "https://issuer.example", Audience = "verifier.example" };
}
