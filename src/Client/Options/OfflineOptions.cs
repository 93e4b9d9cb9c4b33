using System.CommandLine;
using SevSnp.Policies;
using SevSnp.Primitives;
using Verifier.Client.Input;
using Verifier.Client.Policies;

namespace Verifier.Client.Options;

/// <summary>Options of <c>verify --offline</c> alone, where the user is the administrator and there is no registry.</summary>
internal sealed class OfflineOptions
{
    private const string Replaces = "(offline)";

    private readonly Option<DateTimeOffset?> _at = Opt.Time("--at", $"Time to judge at. Default: now {Replaces}.");
    private readonly Option<IReadOnlyList<Digest384>> _measurements = Opt.Digests("--measurement", $"Expected launch measurement, 48 bytes (repeatable; one of them must match) {Replaces}.");
    private readonly Option<bool> _anyMeasurement = Opt.Flag("--any-measurement-unsafe", $"Accept any launch measurement: the verdict then says only that some SEV-SNP guest made the report {Replaces}.");
    private readonly Option<IReadOnlyList<string>> _csps = Opt.Texts("--csp", "TEXT", $"Cloud provider whose VLEK is allowed, exact text of the certificate (repeatable) {Replaces}.");
    private readonly Option<bool> _requireCrl = Opt.Flag("--require-crl", $"Refuse when no revocation list is at hand {Replaces}.");
    private readonly Option<bool> _debug = Opt.Flag("--unsafe-allow-debug", $"Accept guests whose memory the host may read and change {Replaces}.");
    private readonly Option<bool> _migration = Opt.Flag("--unsafe-allow-migration", $"Accept guests that a migration agent may move {Replaces}.");
    private readonly Option<bool> _maskedChipId = Opt.Flag("--unsafe-allow-masked-chip-id", $"Accept reports whose chip id the host has masked {Replaces}.");
    private readonly Option<FileInfo> _extraRoot = Opt.File("--unsafe-extra-root", $"Trust this root as well, for simulation: DER or PEM {Replaces}.");

    private readonly Option<FileInfo> _policy = Opt.File("--policy", $"Judge by the policy in this YAML file; --vmpl and --min-report-version then only tighten it {Replaces}.");

    // What a policy says by itself.
    private Option[] Loosening => [_anyMeasurement, _csps, _requireCrl, _debug, _migration, _maskedChipId];

    private Option[] All => [_policy, _at, _measurements, _anyMeasurement, _csps, _requireCrl, _debug, _migration, _maskedChipId, _extraRoot];

    public void AddTo(Command command, Option<bool> offline)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (!Opt.IsGiven(result, offline) && All.FirstOrDefault(o => Opt.IsGiven(result, o)) is { } misplaced)
            {
                result.AddError($"{misplaced.Name} has a meaning only with --offline: a service judges by its own clock, policy and registry");
            }

            if (Opt.IsGiven(result, _policy) && Loosening.FirstOrDefault(o => Opt.IsGiven(result, o)) is { } said)
            {
                result.AddError($"{said.Name} has no meaning with --policy: the policy itself says it");
            }

            if (Opt.IsGiven(result, _anyMeasurement) && Opt.IsGiven(result, _measurements))
            {
                result.AddError("--measurement and --any-measurement-unsafe contradict each other");
            }
        });
    }

    public DateTimeOffset? At(ParseResult parsed) => parsed.GetValue(_at);

    public IReadOnlyList<Digest384> Measurements(ParseResult parsed) => parsed.GetValue(_measurements) ?? [];

    public FileInfo? ExtraRoot(ParseResult parsed) => parsed.GetValue(_extraRoot);

    /// <summary>The policy, and what is expected beyond it.</summary>
    /// <exception cref="CommandFailure">The policy's file is not well formed, or does not admit what is expected.</exception>
    public (AppraisalPolicy Policy, Expectations Expectations) Judging(ParseResult parsed, ExpectationInput expected, BindingInput binding)
    {
        Expectations expectations = new() { Binding = binding.ToLibrary(), Constraints = new Constraints { HostData = expected.HostData } };
        if (parsed.GetValue(_policy) is not { } file)
        {
            return (FromOptions(parsed, expected, binding.UnsafeSkip), expectations);
        }

        AppraisalPolicy policy = PolicyFile.Read(file);
        expectations = expectations with
        {
            Constraints = expectations.Constraints with { Vmpls = expected.Vmpls, MinReportVersion = expected.MinReportVersion },
        };
        return policy.NotAdmitted(expectations) is [var refused, ..]
            ? throw CommandFailure.Usage($"{file}: the policy does not admit that a request states {refused.WireName()}", "requests_may_state in the policy names what may be stated")
            : (policy, expectations);
    }

    private AppraisalPolicy FromOptions(ParseResult parsed, ExpectationInput expected, bool allowUnbound) => AppraisalPolicy.Default with
    {
        Name = "command line",
        Constraints = AppraisalPolicy.Default.Constraints with
        {
            Vmpls = expected.Vmpls ?? AppraisalPolicy.Default.Constraints.Vmpls,
            MinReportVersion = expected.MinReportVersion ?? AppraisalPolicy.Default.Constraints.MinReportVersion,
            CspIds = (parsed.GetValue(_csps) ?? []).ToHashSet(StringComparer.Ordinal),
        },
        Revocation = parsed.GetValue(_requireCrl) ? RevocationRule.Required : RevocationRule.Preferred,
        UnsafeAllowDebug = parsed.GetValue(_debug),
        UnsafeAllowMigration = parsed.GetValue(_migration),
        UnsafeAllowMaskedChipId = parsed.GetValue(_maskedChipId),
        UnsafeAllowAnyMeasurement = parsed.GetValue(_anyMeasurement),
        UnsafeAllowUnboundReport = allowUnbound,
    };
}
