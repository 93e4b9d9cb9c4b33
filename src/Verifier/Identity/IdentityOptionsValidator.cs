using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;
using Verifier.Service.Identity.Admin;
using Verifier.Service.Identity.Issuers;

namespace Verifier.Service.Identity;

/// <summary>What must hold of <see cref="IdentityOptions"/> before the service starts.</summary>
internal sealed class IdentityOptionsValidator : IValidateOptions<IdentityOptions>
{
    private const int MostIssuers = 64;
    private const int LongestName = 512;

    public ValidateOptionsResult Validate(string? name, IdentityOptions options)
    {
        List<string> faults = [];
        if (options.Issuers.Length > MostIssuers)
        {
            faults.Add($"Identity:Issuers: must be at most {MostIssuers}");
        }

        for (int i = 0; i < options.Issuers.Length; i++)
        {
            IssuerOptions issuer = options.Issuers[i];
            faults.AddRange(Faults(issuer).Select(fault => $"Identity:Issuers:{i}:{fault}"));
            if (options.Issuers.Take(i).Any(other => other.Issuer == issuer.Issuer))
            {
                faults.Add($"Identity:Issuers:{i}:Issuer: is named twice");
            }
        }

        if (options.AdminTokenFile is { } file && !AdminToken.TryReadHash(file, out _, out string unfit))
        {
            faults.Add($"Identity:AdminTokenFile: {unfit}");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(IssuerOptions o)
    {
        (bool Broken, string Fault)[] rules =
        [
            (!IssuerAddress.IsFetchable(o.Issuer) || o.Issuer!.Contains('?', StringComparison.Ordinal),
                "Issuer: must be an https address without user, query or fragment (http on loopback only)"),
            (!IsName(o.Audience), $"Audience: must be 1 to {LongestName} printable ASCII characters without spaces"),
            (!o.Algorithms.All(TokenAlgorithms.All.Contains), $"Algorithms: must be of {string.Join(", ", TokenAlgorithms.All)}"),
            (o.JwksUri is not null && !IssuerAddress.IsFetchable(o.JwksUri), "JwksUri: must be an https address without user or fragment (http on loopback only)"),
            (o.Proxy is not null && !IssuerAddress.IsProxy(o.Proxy), "Proxy: must be an http address"),
            (o.MaxAge < TimeSpan.FromMinutes(1) || o.MaxAge > TimeSpan.FromHours(24), "MaxAge: must be 1 min to 24 h"),
        ];
        return rules.Where(r => r.Broken).Select(r => r.Fault).Concat(o.CaFile is { } file && AuthorityFile.Fault(file) is { } fault ? [$"CaFile: {fault}"] : []);
    }

    private static bool IsName(string? text) => text is { Length: >= 1 and <= LongestName } && text.All(c => c is > ' ' and <= '~');
}
