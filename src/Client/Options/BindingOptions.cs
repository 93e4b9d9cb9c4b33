using System.CommandLine;
using SevSnp.Policies;
using SevSnp.Primitives;
using Verifier.Client.Input;

namespace Verifier.Client.Options;

/// <summary>How REPORT_DATA must have been made: exactly one scheme, or said aloud that none is asked for.</summary>
internal sealed class BindingOptions
{
    private const int MaxManifest = 16 * 1024;
    private const string OneScheme = "give exactly one of --report-data, --nonce or --challenge (alone or with --svsm-manifest) and --unsafe-skip-report-data";

    private readonly Option<HexBytes?> _reportData = Opt.Hex("--report-data", ReportDataBinding.Size, "REPORT_DATA must be exactly these bytes");
    private readonly Option<HexBytes?> _nonce = Opt.Hex("--nonce", ReportDataBinding.Size, "REPORT_DATA must be this nonce, which you chose freshly; with --svsm-manifest the nonce of that scheme");
    private readonly Option<FileInfo> _manifest = Opt.File("--svsm-manifest", "REPORT_DATA must be SHA-512 of the nonce or challenge and this SVSM services manifest.");
    private readonly Option<bool> _skip = Opt.Flag("--unsafe-skip-report-data", "Do not ask for REPORT_DATA: nothing then shows that the report is fresh or of your peer.");

    /// <summary>Has a meaning with a service only.</summary>
    public Option<FileInfo> Challenge { get; } = Opt.File(
        "--challenge", "REPORT_DATA must be the challenge in this file, which verifierctl challenge --out wrote; with --svsm-manifest the nonce of that scheme. Serves once.");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_reportData, _nonce, Challenge, _manifest, _skip])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool Has(Option option) => Opt.IsGiven(result, option);
            int schemes = (Has(_reportData) ? 1 : 0) + (Has(_nonce) ? 1 : 0) + (Has(Challenge) ? 1 : 0) + (Has(_skip) ? 1 : 0);
            if (schemes > 1)
            {
                result.AddError($"contradictory bindings: {OneScheme}");
            }
            else if (Has(_manifest) && !Has(_nonce) && !Has(Challenge))
            {
                result.AddError("--svsm-manifest needs --nonce or --challenge: the scheme hashes both");
            }
        });
    }

    public BindingInput Read(ParseResult parsed) => new(
        parsed.GetValue(_reportData),
        parsed.GetValue(_nonce),
        parsed.GetValue(_manifest) is { } file ? InputFile.Read(file, MaxManifest) : null,
        parsed.GetValue(_skip))
    {
        Challenge = parsed.GetValue(Challenge) is { } challenge ? ReadChallenge(challenge) : null,
    };

    private static InputFile ReadChallenge(FileInfo file)
    {
        InputFile challenge = InputFile.Read(file, ReportDataBinding.Size);
        return challenge.Bytes.Length == ReportDataBinding.Size
            ? challenge
            : throw CommandFailure.Usage($"{file}: a challenge is exactly {ReportDataBinding.Size} bytes long, this file is {challenge.Bytes.Length}", "verifierctl challenge --out FILE asks for one");
    }
}
