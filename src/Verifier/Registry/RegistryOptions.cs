using Microsoft.Extensions.Options;

namespace Verifier.Service.Registry;

/// <summary>What the registry takes on. Section <c>Registry</c>.</summary>
internal sealed class RegistryOptions
{
    public const string Section = "Registry";

    /// <summary>Limits of registrations from IGVM files and from firmware.</summary>
    public IgvmOptions Igvm { get; set; } = new();

    /// <summary>Callers that watch reference values at a time, 1 to 10,000. Default: 100.</summary>
    public int MaxWatchers { get; set; } = 100;
}

/// <summary>How much registrations from files may take. The files are held in memory while they are measured.</summary>
internal sealed class IgvmOptions
{
    /// <summary>Largest file in bytes, 65536 to 1073741824. Default: 64 MiB.</summary>
    public int MaxFileBytes { get; set; } = 64 << 20;

    /// <summary>Files received and measured at a time, 1 to 64. Default: 2.</summary>
    public int MaxAtOnce { get; set; } = 2;
}

/// <summary>What must hold of <see cref="RegistryOptions"/> before the service starts.</summary>
internal sealed class RegistryOptionsValidator : IValidateOptions<RegistryOptions>
{
    public ValidateOptionsResult Validate(string? name, RegistryOptions options)
    {
        List<string> faults = [];
        if (options.Igvm.MaxFileBytes is < 65536 or > 1 << 30)
        {
            faults.Add("Registry:Igvm:MaxFileBytes: must be 65536 to 1073741824");
        }

        if (options.Igvm.MaxAtOnce is < 1 or > 64)
        {
            faults.Add("Registry:Igvm:MaxAtOnce: must be 1 to 64");
        }

        if (options.MaxWatchers is < 1 or > 10_000)
        {
            faults.Add("Registry:MaxWatchers: must be 1 to 10000");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
