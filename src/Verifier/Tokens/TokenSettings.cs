using Microsoft.Extensions.Options;

namespace Verifier.Service.Tokens;

/// <summary>What a tenant wants in the results about its guests.</summary>
/// <param name="IncludeChipId">Whether CHIP_ID is told.</param>
internal sealed record TokenSettings(bool IncludeChipId);

/// <summary>Tells what a tenant wants in results.</summary>
internal interface ITokenSettings
{
    ValueTask<TokenSettings> OfAsync(string tenant, CancellationToken cancellation);
}

/// <summary>The same for every tenant, as configured.</summary>
internal sealed class ConfiguredTokenSettings(IOptions<TokenOptions> options) : ITokenSettings
{
    private readonly TokenSettings _settings = new(options.Value.IncludeChipId);

    public ValueTask<TokenSettings> OfAsync(string tenant, CancellationToken cancellation) => ValueTask.FromResult(_settings);
}
