using Microsoft.Extensions.Options;

namespace Verifier.Service.Storage;

/// <summary>Refuses a section <c>Store</c> that cannot be meant, naming every setting that is wrong.</summary>
internal sealed class StoreOptionsValidator : IValidateOptions<StoreOptions>
{
    public ValidateOptionsResult Validate(string? name, StoreOptions options)
    {
        List<string> faults = [];
        if (options.UsesRedis)
        {
            Redis.RedisOptionsRules.Check(options.Redis, faults);
        }
        else if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            faults.Add("Store:DataDirectory: a directory is needed.");
        }

        if (options.WriteTimeout < TimeSpan.FromSeconds(0.1) || options.WriteTimeout > TimeSpan.FromSeconds(60))
        {
            faults.Add("Store:WriteTimeout: must be 0.1 to 60 seconds.");
        }

        if (options.CertificateCacheEntries is < 16 or > 1_000_000)
        {
            faults.Add("Store:CertificateCacheEntries: must be 16 to 1,000,000.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
