using Microsoft.Extensions.Options;
using Verifier.Service.Registry;

namespace Verifier.Service.Policies;

/// <summary>What must hold of <see cref="PolicyOptions"/> before the service starts.</summary>
internal sealed class PolicyOptionsValidator : IValidateOptions<PolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, PolicyOptions options)
    {
        (bool Broken, string Fault)[] rules =
        [
            (!ReferenceNames.IsId(options.Name), "Policy:Name: must be 1 to 63 of [a-z0-9-], beginning and ending with a letter or digit"),
            (options.MinReportVersion is < 2 or > 5, "Policy:MinReportVersion: must be 2 to 5"),
            (options.Vmpls is { } vmpls && vmpls.Any(v => v > 3), "Policy:Vmpls: each must be 0 to 3"),
            (options.CspIds is { } ids && ids.Any(string.IsNullOrWhiteSpace), "Policy:CspIds: must not be empty text"),
        ];
        string[] faults = [.. rules.Where(r => r.Broken).Select(r => r.Fault)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
