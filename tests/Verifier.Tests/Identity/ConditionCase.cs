using Verifier.Service.Identity;
using Verifier.Service.Identity.Issuers;
using Verifier.Service.Identity.Rules;
using Verifier.TestKit.Identity;

namespace Verifier.Tests.Identity;

/// <summary>Holds minted tokens against a condition.</summary>
internal static class ConditionCase
{
    public static async Task<bool> MatchesAsync(IssuerKind kind, Func<FakeIssuer, TokenDraft> token, Func<FakeIssuer, IdentityCondition> condition)
    {
        await using TokenBench bench = await TokenBench.StartAsync(kind);
        Caller caller = await bench.CallerAsync(token(bench.Issuer));
        return condition(bench.Issuer).Matches(caller);
    }
}
