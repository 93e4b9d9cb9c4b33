using System.CommandLine;
using System.Globalization;
using Verifier.Client.Bench;

namespace Verifier.Client.Options;

/// <summary>How much load, of which shape, for how long.</summary>
internal sealed class LoadOptions
{
    private const int DefaultCallers = 16;

    private readonly Option<uint?> _callers = Opt.Number("--concurrency", 1, 4096, $"Closed loop: this many callers, each with one call after the other. Default: {DefaultCallers}.");
    private readonly Option<uint?> _rate = Opt.Number("--rate", 1, 1_000_000, "Open loop: this many calls each second, whether or not those before were answered.");
    private readonly Option<bool> _findPeak = Opt.Flag("--find-peak", "Look for the most that the service can do, with 1, 2, 4 ... callers.");
    private readonly Option<IReadOnlyList<string>> _timesPeak = Opt.Texts("--times-peak", "FACTOR", "Open loop at this multiple of the peak, such as 0.7 or 2 (repeatable: one after the other). Looks for the peak first, unless --peak says it.");
    private readonly Option<uint?> _peak = Opt.Number("--peak", 1, 1_000_000, "The peak, where it is known: verdicts each second.");
    private readonly Option<string> _arrivals = Opt.Word("--arrivals", "poisson|fixed", "Open loop: calls independent of each other (poisson, default), or equally far apart.", "poisson", "fixed");
    private readonly Option<uint?> _seed = Opt.Number("--seed", 0, int.MaxValue, "Open loop: seed of the times of independent calls. Default: 1.");
    private readonly Option<uint?> _mostOpen = Opt.Number("--most-open", 1, 100_000, "Open loop: at most this many calls wait for answers at once; the next ones are late, which counts. Default: 2000.");
    private readonly Option<uint?> _duration = Opt.Number("--duration", 1, 86_400, "Seconds that each load lasts. Default: 10.");
    private readonly Option<uint?> _warmup = Opt.Number("--warmup", 0, 600, "Seconds of calls before anything is measured. Default: 3.");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_callers, _rate, _findPeak, _timesPeak, _peak, _arrivals, _seed, _mostOpen, _duration, _warmup])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool Has(Option option) => Opt.IsGiven(result, option);
            if ((Has(_callers) ? 1 : 0) + (Has(_rate) ? 1 : 0) + (Has(_findPeak) || Has(_timesPeak) ? 1 : 0) > 1)
            {
                result.AddError("give one of --concurrency, --rate, and --find-peak or --times-peak");
            }
            else if (Has(_peak) && (!Has(_timesPeak) || Has(_findPeak)))
            {
                result.AddError("--peak has a meaning only with --times-peak, and without --find-peak");
            }
            else if (!Has(_rate) && !Has(_timesPeak) && new Option[] { _arrivals, _seed, _mostOpen }.FirstOrDefault(Has) is { } open)
            {
                result.AddError($"{open.Name} has a meaning only for an open loop: --rate or --times-peak");
            }
            else if (Has(_timesPeak) && result.GetResult(_timesPeak)!.Tokens.FirstOrDefault(t => Factor(t.Value) is null) is { } wrong)
            {
                result.AddError($"--times-peak must be a number from 0.01 to 100, not '{wrong.Value}'");
            }
        });
    }

    public BenchPlan Read(ParseResult parsed)
    {
        PlannedLoad[] multiples = [.. (parsed.GetValue(_timesPeak) ?? []).Select(f => new PlannedLoad(TimesPeak: Factor(f)))];
        bool findPeak = parsed.GetValue(_findPeak);
        return new BenchPlan
        {
            Loads = multiples.Length > 0 || findPeak ? multiples
                : parsed.GetValue(_rate) is { } rate ? [new PlannedLoad(Rate: rate)]
                : [new PlannedLoad(Callers: (int)(parsed.GetValue(_callers) ?? DefaultCallers))],
            FindPeak = findPeak || (multiples.Length > 0 && parsed.GetValue(_peak) is null),
            KnownPeak = parsed.GetValue(_peak),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(_duration) ?? 10),
            Warmup = TimeSpan.FromSeconds(parsed.GetValue(_warmup) ?? 3),
            MostOpen = (int)(parsed.GetValue(_mostOpen) ?? 2000),
            IsFixed = parsed.GetValue(_arrivals) == "fixed",
            Seed = (int)(parsed.GetValue(_seed) ?? 1),
        };
    }

    private static double? Factor(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double factor) && factor is >= 0.01 and <= 100 ? factor : null;
}
