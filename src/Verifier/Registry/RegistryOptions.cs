using Microsoft.Extensions.Options;

namespace Verifier.Service.Registry;

/// <summary>Who may change the registry. Section <c>Registry</c>.</summary>
internal sealed class RegistryOptions
{
    public const string Section = "Registry";

    /// <summary>File with the token that changes demand: 32 to 512 printable ASCII characters. Default: none, and the registry is read-only.</summary>
    public string? RegistrarTokenFile { get; set; }
}

/// <summary>What must hold of <see cref="RegistryOptions"/> before the service starts.</summary>
internal sealed class RegistryOptionsValidator : IValidateOptions<RegistryOptions>
{
    public ValidateOptionsResult Validate(string? name, RegistryOptions options) =>
        options.RegistrarTokenFile is null || RegistrarToken.TryReadHash(options.RegistrarTokenFile, out _, out string fault)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Registry:RegistrarTokenFile: {fault}");
}
