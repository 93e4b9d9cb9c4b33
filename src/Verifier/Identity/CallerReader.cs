using System.Security.Cryptography;
using System.Text;
using Verifier.Service.Identity.Admin;
using Verifier.Service.Identity.Bearer;

namespace Verifier.Service.Identity;

/// <summary>What a call brings along to tell who makes it.</summary>
/// <param name="Authorization">The values of the header; none when it was not sent.</param>
/// <param name="IsConfidential">Whether nobody on the way can have read it: TLS, or a connection within this machine.</param>
/// <param name="Certificate">The client certificate of the connection, checked by the handshake; null when there was none.</param>
internal sealed record Credentials(IReadOnlyList<string> Authorization, bool IsConfidential, CertificateIdentity? Certificate);

/// <summary>Who is taken for the caller, or why nobody is.</summary>
internal abstract record CallerOutcome
{
    private CallerOutcome()
    {
    }

    /// <summary>This is who calls; perhaps nobody that is known.</summary>
    public sealed record Known(Caller Caller) : CallerOutcome;

    /// <summary>A token was sent where others can read it, and so must be taken for stolen.</summary>
    public sealed record NotConfidential : CallerOutcome;

    /// <summary>The header is not one bearer token.</summary>
    public sealed record NotBearer : CallerOutcome;

    /// <summary>It is no signed token, and not the administrator's.</summary>
    public sealed record WrongToken : CallerOutcome;

    /// <summary>It is a signed token that does not hold.</summary>
    public sealed record Refused(TokenFault Fault) : CallerOutcome;

    /// <summary>The administrator's token cannot be read.</summary>
    public sealed record Unreadable(string Fault) : CallerOutcome;

    /// <summary>The issuer of the token cannot be asked for its keys.</summary>
    public sealed record IssuerAway(TimeSpan RetryAfter) : CallerOutcome;
}

/// <summary>Tells who calls. Whoever shows something that does not hold is refused, and never taken for somebody who showed nothing.</summary>
internal sealed class CallerReader(AdminToken admin, TokenValidator tokens)
{
    private const string Scheme = "Bearer ";

    public async Task<CallerOutcome> ReadAsync(Credentials credentials, CancellationToken cancellation)
    {
        if (credentials.Authorization.Count == 0)
        {
            return new CallerOutcome.Known(credentials.Certificate is { } certificate ? new Caller.Certificate(certificate) : Caller.Anonymous.Instance);
        }

        if (!credentials.IsConfidential)
        {
            return new CallerOutcome.NotConfidential();
        }

        if (credentials.Authorization is not [var header] || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new CallerOutcome.NotBearer();
        }

        string token = header[Scheme.Length..].Trim();
        return token.Contains('.', StringComparison.Ordinal) ? await SignedAsync(token, cancellation) : Admin(token);
    }

    // A token of the administrator's may hold a full stop, too.
    private async Task<CallerOutcome> SignedAsync(string token, CancellationToken cancellation)
    {
        switch (await tokens.ValidateAsync(token, cancellation))
        {
            case TokenOutcome.Valid valid:
                return new CallerOutcome.Known(new Caller.Bearer(valid.Identity));
            case TokenOutcome.CannotTell away:
                return new CallerOutcome.IssuerAway(away.RetryAfter);
            case TokenOutcome.Refused { Fault: TokenFault.Malformed } when Admin(token) is CallerOutcome.Known known:
                return known;
            case TokenOutcome.Refused refused:
                return new CallerOutcome.Refused(refused.Fault);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private CallerOutcome Admin(string token) => admin.Check(token, out string fault) switch
    {
        TokenCheck.Held => new CallerOutcome.Known(new Caller.Administrator(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))))),
        TokenCheck.Unreadable => new CallerOutcome.Unreadable(fault),
        _ => new CallerOutcome.WrongToken(),
    };
}
