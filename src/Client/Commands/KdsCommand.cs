using System.CommandLine;
using SevSnp.Certificates;
using Verifier.Client.Input;
using Verifier.Client.Offline;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Commands;

/// <summary><c>kds bundle</c>: carries certificates and revocation lists to where AMD's key service cannot be reached.</summary>
internal static class KdsCommand
{
    private const string DefaultAddress = "https://kdsintf.amd.com";

    public static Command Create(CliContext context) => new("kds", "Certificates and revocation lists of AMD's key service, for services that cannot reach it.")
    {
        new Command("bundle", "Makes, checks and takes over bundle files (Kds:BundleFile of a service).")
        {
            Export(context),
            Import(context),
            Show(context, isVerified: false),
            Show(context, isVerified: true),
        },
    };

    private static ExampleCommand Export(CliContext context)
    {
        Argument<FileInfo> file = new("FILE") { Description = "The bundle to write; one that is there is replaced." };
        Option<IReadOnlyList<FileInfo>> certs = Opt.Files("--certs", "Certificates and revocation lists: PEM, DER or a bundle, or a directory of them (repeatable).");
        Option<FileInfo> inventory = Opt.File("--inventory", "Chips whose VCEKs are fetched where they are not given: lines of product,chip id,TCB.");
        Option<string> kds = Opt.Text("--kds", "URL", $"Where to fetch from. Default: {DefaultAddress}, with --inventory.");
        Option<FileInfo> ca = Opt.File("--kds-ca", "PEM with the authorities for TLS to a mirror. Default: the system's.");
        Option<uint?> spacing = Opt.Number("--spacing", 0, 600, "Seconds between two requests for VCEKs, as AMD throttles. Default: 10.");
        KdsTrust trust = new();
        Option<OutputFormat> format = OutputOptions.Format();
        ExampleCommand command = new(
            "export",
            "Writes a bundle of what is given and, with --inventory, of what the key service answers. Everything is verified up to AMD's pinned roots. Exit code 5 when something could not be fetched: the bundle then holds the rest, and the same command goes on with --certs FILE.",
            "verifierctl kds bundle export kds.pem --inventory chips.csv",
            "verifierctl kds bundle export kds.pem --certs vceks/ --certs cert_chain.pem --certs crl.der")
        {
            file, certs, inventory, kds, ca, spacing,
        };
        trust.AddTo(command);
        command.Options.Add(format);
        command.Validators.Add(result =>
        {
            if (!Opt.IsGiven(result, inventory) && new Option[] { kds, ca, spacing }.FirstOrDefault(o => Opt.IsGiven(result, o)) is { } alone)
            {
                result.AddError($"{alone.Name} has a meaning only with --inventory");
            }
            else if (!Opt.IsGiven(result, inventory) && !Opt.IsGiven(result, certs))
            {
                result.AddError("give --certs, --inventory, or both");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            KdsBundle bundle = KdsBundleFiles.Read(parsed.GetValue(certs) ?? []);
            IReadOnlyList<string> missing = [];
            if (parsed.GetValue(inventory) is { } chips)
            {
                using KdsDownload download = new(parsed.GetValue(kds) ?? DefaultAddress, parsed.GetValue(ca), TimeSpan.FromSeconds(parsed.GetValue(spacing) ?? 10), context);
                (bundle, missing) = await download.CompleteAsync(bundle, KdsBundleFiles.Inventory(chips), cancellation);
            }

            KdsBundleView view = trust.Judge(context, parsed, bundle, refuse: true);
            KdsBundleFiles.Write(parsed.GetRequiredValue(file), bundle);
            KdsBundleText.Write(context, view with { Missing = missing.Count == 0 ? null : missing }, parsed.GetValue(format));
            return (int)(missing.Count == 0 ? ExitCode.Success : ExitCode.Outage);
        });
        return command;
    }

    private static ExampleCommand Import(CliContext context)
    {
        Argument<FileInfo[]> files = new("BUNDLE") { Description = "What was carried here.", Arity = ArgumentArity.OneOrMore };
        Option<FileInfo> into = Opt.File("--into", "The service's bundle file (Kds:BundleFile); made when it is not there.", required: true);
        KdsTrust trust = new();
        Option<OutputFormat> format = OutputOptions.Format();
        ExampleCommand command = new(
            "import",
            "Verifies bundles and adds them to the bundle file of a service, which takes the change in by itself. Of two lists the one with the higher number stays. One bad entry, and nothing is changed.",
            "verifierctl kds bundle import /media/usb/kds.pem --into /etc/verifier/kds.pem")
        {
            files, into,
        };
        trust.AddTo(command);
        command.Options.Add(format);
        command.SetAction(parsed =>
        {
            FileInfo target = parsed.GetRequiredValue(into);
            KdsBundle bundle = KdsBundleFiles.Read([.. target.Exists ? new[] { target } : [], .. parsed.GetRequiredValue(files)]);
            KdsBundleView view = trust.Judge(context, parsed, bundle, refuse: true);
            KdsBundleFiles.Write(target, bundle);
            KdsBundleText.Write(context, view, parsed.GetValue(format));
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static ExampleCommand Show(CliContext context, bool isVerified)
    {
        Argument<FileInfo> file = new("BUNDLE") { Description = "A bundle file." };
        KdsTrust trust = new();
        Option<OutputFormat> format = OutputOptions.Format();
        ExampleCommand command = isVerified
            ? new("verify", "Verifies every certificate and list of a bundle up to AMD's pinned roots. Exit code 3 when one does not hold or is over.", "verifierctl kds bundle verify kds.pem", "verifierctl kds bundle verify kds.pem --at 2027-01-01T00:00:00Z") { file }
            : new("show", "Shows what a bundle holds, with dates. Nothing is verified.", "verifierctl kds bundle show kds.pem") { file };
        if (isVerified)
        {
            trust.AddTo(command);
        }

        command.Options.Add(format);
        command.SetAction(parsed =>
        {
            KdsBundle bundle = KdsBundleFiles.Read([parsed.GetRequiredValue(file)]);
            KdsBundleView view = isVerified ? trust.Judge(context, parsed, bundle, refuse: false) : KdsBundleView.Of(bundle, null);
            KdsBundleText.Write(context, view, parsed.GetValue(format));
            return (int)(view.Findings is { Count: > 0 } ? ExitCode.NotAuthentic : ExitCode.Success);
        });
        return command;
    }
}

/// <summary>By which roots, and at which time, a bundle is judged.</summary>
internal sealed class KdsTrust
{
    private readonly Option<DateTimeOffset?> _at = Opt.Time("--at", "Time to verify at. Default: now.");
    private readonly Option<FileInfo> _extraRoot = Opt.File("--unsafe-extra-root", "Trust this root as well, for simulation: DER or PEM.");

    public void AddTo(Command command)
    {
        command.Options.Add(_at);
        command.Options.Add(_extraRoot);
    }

    /// <exception cref="CommandFailure">An entry does not hold, and such a bundle is to be refused.</exception>
    public KdsBundleView Judge(CliContext context, ParseResult parsed, KdsBundle bundle, bool refuse)
    {
        DateTimeOffset at = parsed.GetValue(_at) ?? context.Clock.GetUtcNow();
        IReadOnlyList<KdsBundleFinding> findings = bundle.Verify(OfflineVerifier.Roots(parsed.GetValue(_extraRoot)), at);
        return refuse && findings.FirstOrDefault(f => !f.IsExpired) is { } bad
            ? throw new CommandFailure(ExitCode.NotAuthentic, $"{bad.Entry}: {bad.Fault}", "nothing was written")
            : KdsBundleView.Of(bundle, findings);
    }
}
