using Grpc.Core;
using Verifier.Service.Identity;
using Verifier.Service.Identity.Bearer;
using Verifier.Service.Identity.Rules;

namespace Verifier.Service.Rpc.Errors;

/// <summary>Why a caller is refused. A caller may know what is wrong with its own token; nobody is told what a right would have shown.</summary>
internal static class CredentialErrors
{
    public static RpcException Missing() => RpcErrors.Plain(
        StatusCode.Unauthenticated, ErrorReasons.TokenMissing, "an identity is demanded: a bearer token in the header 'authorization', or a client certificate");

    public static RpcException RoleMissing(Role role)
    {
        string name = role.ToString().ToLowerInvariant();
        return RpcErrors.Plain(StatusCode.PermissionDenied, ErrorReasons.RoleMissing, $"no rule of this tenant gives the caller the role {name} for this", ("role", name));
    }

    public static RpcException NoTenant(string tenant) =>
        RpcErrors.NotFound(ErrorReasons.TenantNotFound, "there is no such tenant", "verifier.v1.Tenant", $"tenants/{tenant}");

    public static RpcException Of(CallerOutcome outcome) => outcome switch
    {
        CallerOutcome.NotConfidential => RpcErrors.Plain(
            StatusCode.Unauthenticated, ErrorReasons.TokenExposed, "a bearer token came without TLS; whoever was on the path can use it now"),
        CallerOutcome.NotBearer => RpcErrors.Plain(StatusCode.Unauthenticated, ErrorReasons.TokenMissing, "the header 'authorization' must be one bearer token"),
        CallerOutcome.WrongToken => RpcErrors.Plain(StatusCode.Unauthenticated, ErrorReasons.TokenWrong, "the token is not the right one"),
        CallerOutcome.Refused refused => RpcErrors.Plain(
            StatusCode.Unauthenticated, ErrorReasons.TokenRefused, $"the token is refused: {Words(refused.Fault)}", ("fault", WireName(refused.Fault))),
        CallerOutcome.Unreadable => RpcErrors.Unavailable(
            ErrorReasons.TokenUnreadable, "the administrator's right cannot be checked now; nothing was changed", TimeSpan.FromSeconds(10)),
        CallerOutcome.IssuerAway away => RpcErrors.Unavailable(
            ErrorReasons.IssuerUnavailable, "the keys of the token's issuer cannot be had now; nothing was decided", away.RetryAfter),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Words(TokenFault fault) => fault switch
    {
        TokenFault.TooLong => "it is too long",
        TokenFault.Malformed => "it is malformed",
        TokenFault.AlgorithmNotAllowed => "its algorithm is not allowed",
        TokenFault.TypeNotAllowed => "its type is not allowed",
        TokenFault.HeaderNotAllowed => "its header has what is not allowed",
        TokenFault.IssuerUnknown => "its issuer is not trusted here",
        TokenFault.KeyUnknown => "its issuer has no such key",
        TokenFault.SignatureWrong => "its signature is wrong",
        TokenFault.AudienceWrong => "it is for another audience",
        TokenFault.ClaimsIncomplete => "claims are missing or malformed",
        TokenFault.Expired => "it has expired",
        TokenFault.NotYetValid => "it is not valid yet",
        TokenFault.TooOld => "it was issued too long ago",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string WireName(TokenFault fault) =>
        string.Concat(fault.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
