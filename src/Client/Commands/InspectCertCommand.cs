using System.CommandLine;
using System.Text.Json;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using Verifier.Client.Input;
using Verifier.Client.Offline;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Commands;

/// <summary><c>inspect cert</c>: the certificates of a file, and with <c>--chain</c> whether they hold up to AMD's root.</summary>
internal static class InspectCertCommand
{
    public static Command Create(CliContext context)
    {
        Argument<FileInfo> file = new("FILE") { Description = "Certificates: DER, PEM, or a certificate table." };
        Option<FileInfo> chain = Opt.File("--chain", "Verify the leaf against this intermediate and root. Exit code 3 when the chain does not hold.");
        Option<DateTimeOffset?> at = Opt.Time("--at", "Time to verify the chain at. Default: now.");
        Option<FileInfo> extraRoot = Opt.File("--unsafe-extra-root", "Trust this root as well, for simulation: DER or PEM.");
        Option<OutputFormat> format = OutputOptions.Format();
        ExampleCommand command = new(
            "cert",
            "Shows certificates of AMD's hierarchy and revocation lists. Without --chain nothing is verified.",
            "verifierctl inspect cert vcek.der",
            "verifierctl inspect cert vcek.der --chain cert_chain.pem --at 2026-10-01T00:00:00Z")
        {
            file, chain, at, extraRoot, format,
        };
        command.Validators.Add(result =>
        {
            if (!Opt.IsGiven(result, chain) && new Option[] { at, extraRoot }.FirstOrDefault(o => Opt.IsGiven(result, o)) is { } dependent)
            {
                result.AddError($"{dependent.Name} has a meaning only with --chain: without it nothing is verified");
            }
        });
        command.SetAction(parsed =>
        {
            CertificateBundle bundle = CertificateFiles.Bundle([CertificateFiles.Read(parsed.GetRequiredValue(file))]);
            ChainView? verified = parsed.GetValue(chain) is { } given
                ? Verify(bundle, given, parsed.GetValue(extraRoot), parsed.GetValue(at) ?? context.Clock.GetUtcNow())
                : null;
            CertificateFileView view = CertificateFileView.Of(bundle, verified);
            if (parsed.GetValue(format) == OutputFormat.Json)
            {
                context.Out.WriteLine(JsonSerializer.Serialize(view, ViewJson.Default.CertificateFileView));
            }
            else
            {
                CertificateText.Write(new Page(context.Out, context.UseColor), view);
            }

            return (int)Code(view);
        });
        return command;
    }

    private static ExitCode Code(CertificateFileView view) => view switch
    {
        { Chain.Holds: false } => ExitCode.NotAuthentic,
        { Chain: null } when view.Faults.Count > 0 || (view.Certificates.Count == 0 && view.RevocationLists.Count == 0) => ExitCode.Malformed,
        _ => ExitCode.Success,
    };

    private static ChainView Verify(CertificateBundle bundle, FileInfo chain, FileInfo? extraRoot, DateTimeOffset at)
    {
        CertificateBundle all = bundle.With(CertificateFiles.Bundle([CertificateFiles.Read(chain)]));
        TrustRoots roots = OfflineVerifier.Roots(extraRoot);
        if (all.Find(CertificateRole.Vlek) is not null && all.Find(CertificateRole.Vcek) is not null)
        {
            throw CommandFailure.Usage("a VCEK and a VLEK were given, and --chain verifies one leaf", "give each in a file of its own");
        }

        KeyKind kind = all.Find(CertificateRole.Vlek) is not null ? KeyKind.Vlek : KeyKind.Vcek;
        MissingCertificates.Demand(kind, all, roots);
        List<CheckResult> checks = [];
        bool holds = ChainVerifier.TryVerify(kind, ProductLine.Unknown, all, roots, at, checks, out _);
        return new ChainView(holds, at, [.. checks.OrderBy(c => c.Id).Select(LibraryViews.Of)]);
    }
}
