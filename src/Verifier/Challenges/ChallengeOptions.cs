using Microsoft.Extensions.Options;

namespace Verifier.Service.Challenges;

/// <summary>How long challenges serve, and how many are kept. Section <c>Challenges</c>.</summary>
internal sealed class ChallengeOptions
{
    public const string Section = "Challenges";

    /// <summary>The longest life there can be. Stores may forget what is older.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(10);

    /// <summary>How long a challenge serves unless its caller asks for less, 1 s to 10 min. Default: 120 s.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Challenges of one tenant that have neither been used nor expired, 1 to 100000. Default: 10000.</summary>
    public int MaxOutstanding { get; set; } = 10_000;
}

/// <summary>What must hold of <see cref="ChallengeOptions"/> before the service starts.</summary>
internal sealed class ChallengeOptionsValidator : IValidateOptions<ChallengeOptions>
{
    public ValidateOptionsResult Validate(string? name, ChallengeOptions options)
    {
        List<string> faults = [];
        if (options.Life < TimeSpan.FromSeconds(1) || options.Life > ChallengeOptions.LongestLife)
        {
            faults.Add("Challenges:Life: must be 1 s to 10 min");
        }

        if (options.MaxOutstanding is < 1 or > 100_000)
        {
            faults.Add("Challenges:MaxOutstanding: must be 1 to 100000");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
