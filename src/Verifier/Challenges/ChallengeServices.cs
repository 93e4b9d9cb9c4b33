using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;

namespace Verifier.Service.Challenges;

/// <summary>Wires the issuing of challenges.</summary>
internal static class ChallengeServices
{
    public static WebApplicationBuilder AddChallenges(this WebApplicationBuilder builder)
    {
        builder.AddSettings<ChallengeOptions>(ChallengeOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<ChallengeOptions>, ChallengeOptionsValidator>();
        builder.Services.TryAddSingleton<ChallengeIssuer>();
        return builder;
    }
}
