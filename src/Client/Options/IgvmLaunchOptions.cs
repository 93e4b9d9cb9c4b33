using System.CommandLine;
using SevSnp.Launch;
using SevSnp.Measurement;

namespace Verifier.Client.Options;

/// <summary>The options that say how an IGVM file is launched.</summary>
internal sealed class IgvmLaunchOptions
{
    private const string Tool = "igvmmeasure";

    private readonly Option<string?> _platform = Choice("--platform", "The platform to measure for: sev-snp, which is the default.", "sev-snp");
    private readonly Option<string?> _profile = Choice(
        "--profile", "Whose way of launching: as the format says (default), QEMU on KVM, Hyper-V, or Vanadium.", [.. LaunchProfiles.All.Select(p => p.WireName())]);
    private readonly Option<string?> _zeroPages = Choice(
        "--zero-pages", "Type of pages without content: normal pages of zeros, or zero pages. Default: that of the profile.", ZeroPages.Normal.WireName(), ZeroPages.Native.WireName());
    private readonly Option<uint?> _vmsas = Opt.Number(
        "--vmsas", 1, IgvmLaunch.MaxVmsas, "Number of save areas that are measured, for hosts that measure one for each vCPU. Default: those in the file.");
    private readonly Option<string?> _compat = Choice("--compat", "Measure like this tool, also where it differs from the format.", Tool);

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _platform, _profile, _zeroPages, _vmsas, _compat })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (Opt.IsGiven(result, _compat) && Opt.IsGiven(result, _profile))
            {
                result.AddError("--compat and --profile exclude each other: each says in which order and what is measured");
            }
        });
    }

    public IgvmLaunch Read(ParseResult parsed) => new()
    {
        Profile = LaunchProfiles.TryParse(parsed.GetValue(_profile), out LaunchProfile profile) ? profile : LaunchProfile.Spec,
        ZeroPages = parsed.GetValue(_zeroPages) switch
        {
            null => null,
            "native" => ZeroPages.Native,
            _ => ZeroPages.Normal,
        },
        Vmsas = (int?)parsed.GetValue(_vmsas),
        LikeIgvmmeasure = parsed.GetValue(_compat) == Tool,
    };

    private static Option<string?> Choice(string name, string description, params string[] values) =>
        Opt.Choice<string>(name, description, [.. values.Select(v => (v, v))]);
}
