using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Verifier.Service.Identity;
using Verifier.Service.Identity.Bearer;
using Verifier.Service.Identity.Issuers;
using Verifier.TestKit.Identity;

namespace Verifier.Tests.Identity;

/// <summary>A fake issuer and a validator that trusts it, by a clock that stands.</summary>
internal sealed class TokenBench : IAsyncDisposable
{
    // Where an issuer is away for good, a test waits for as long.
    private static readonly TimeSpan PatienceOfTests = TimeSpan.FromSeconds(8);

    private readonly KeyClient _client;

    private TokenBench(FakeIssuer issuer, FakeTimeProvider clock, IssuerOptions options)
    {
        Issuer = issuer;
        Clock = clock;
        _client = new KeyClient(options, PatienceOfTests);
        Keys = new IssuerKeys(issuer.Name, _client, clock, NullLogger.Instance);
        Validator = new TokenValidator([TrustedIssuer.From(options, Keys)], clock);
    }

    public FakeIssuer Issuer { get; }

    public FakeTimeProvider Clock { get; }

    public IssuerKeys Keys { get; }

    public TokenValidator Validator { get; }

    public static async Task<TokenBench> StartAsync(IssuerKind kind = IssuerKind.Other, Action<IssuerOptions>? configure = null)
    {
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero));
        FakeIssuer issuer = await FakeIssuer.StartAsync(clock);
        IssuerOptions options = new() { Issuer = issuer.Name, Audience = FakeIssuer.Audience, Kind = kind };
        configure?.Invoke(options);
        return new TokenBench(issuer, clock, options);
    }

    public Task<TokenOutcome> ValidateAsync(TokenDraft token) => Validator.ValidateAsync(token.ToString(), TestContext.Current.CancellationToken);

    /// <summary>Who the token is of, as a caller.</summary>
    public async Task<Caller> CallerAsync(TokenDraft token) => new Caller.Bearer(Assert.IsType<TokenOutcome.Valid>(await ValidateAsync(token)).Identity);

    public async Task<TokenFault> FaultAsync(TokenDraft token) => Assert.IsType<TokenOutcome.Refused>(await ValidateAsync(token)).Fault;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Issuer.DisposeAsync();
    }
}
