using System.CommandLine;
using SevSnp.Policies;
using SevSnp.Primitives;
using Verifier.Client.Input;
using Verifier.Client.Offline;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Policies;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>policy test</c>: is a draft well formed, and what would it say of reports at hand? Here on the library, or by a service.</summary>
internal sealed class PolicyTestCommand
{
    private readonly Argument<FileInfo> _file = new("FILE") { Description = "The draft, YAML." };
    private readonly Argument<FileInfo[]> _reports = new("REPORT") { Description = "Attestation reports, 1184 bytes each.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<IReadOnlyList<FileInfo>> _certs = Opt.Files("--certs", "Certificates of the reports, DER, PEM or a certificate table (repeatable); a service fetches what it can.");
    private readonly Option<FileInfo> _current = Opt.File("--current", "Compare with the policy in this file in place of the built-in one (offline).");
    private readonly Option<IReadOnlyList<Digest384>> _measurements = Opt.Digests("--measurement", "Registered launch measurement (repeatable; offline). None: the report's own counts as registered.");
    private readonly Option<DateTimeOffset?> _at = Opt.Time("--at", "Time to judge at (offline). Default: now.");
    private readonly Option<FileInfo> _extraRoot = Opt.File("--unsafe-extra-root", "Trust this root as well, for simulation: DER or PEM (offline).");
    private readonly Option<bool> _online = Opt.Flag("--online", "Let the service judge, by the policy in force and the draft, with its registry.");
    private readonly ServerOptions _server = new(asAdministrator: true);
    private readonly Option<string> _tenant = Opt.Text("--tenant", "NAME", $"Tenant (with --online). Default: {ResourceNames.DefaultTenant}.");
    private readonly Option<OutputFormat> _format = OutputOptions.Format();

    private PolicyTestCommand()
    {
    }

    public static Command Create(CliContext context)
    {
        PolicyTestCommand test = new();
        ExampleCommand command = new(
            "test",
            "Checks a draft, and tells what it would say of reports in comparison with the current policy. Exit code: 0 well formed, and the draft accepts every report; 4 it refuses one; 3 one is not authentic.",
            "verifierctl policy test draft.yaml",
            "verifierctl policy test draft.yaml report.bin --certs vcek.der --certs cert_chain.pem --current default.yaml",
            "verifierctl policy test draft.yaml report.bin --online --server https://verifier.example:7443")
        {
            test._file, test._reports, test._certs, test._current, test._measurements, test._at, test._extraRoot, test._online, test._tenant, test._format,
        };
        test._server.AddTo(command);
        command.Validators.Add(result =>
        {
            bool isOnline = Opt.IsGiven(result, test._online);
            Option[] misplaced = isOnline ? [test._current, test._measurements, test._at, test._extraRoot] : [test._tenant, .. test._server.All];
            if (misplaced.FirstOrDefault(o => Opt.IsGiven(result, o)) is { } option)
            {
                result.AddError(isOnline ? $"{option.Name} has no meaning with --online" : $"{option.Name} has a meaning only with --online");
            }
        });
        command.SetAction((parsed, cancellation) => test.RunAsync(context, parsed, cancellation));
        return command;
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellation)
    {
        AppraisalPolicy draft = PolicyFile.Read(parsed.GetRequiredValue(_file));
        FileInfo[] reports = parsed.GetValue(_reports) ?? [];
        InputFile[] certs = [.. (parsed.GetValue(_certs) ?? []).Select(CertificateFiles.Read)];
        IReadOnlyList<TrialView> trials = parsed.GetValue(_online)
            ? await OnlineAsync(context, parsed, draft, reports, certs, cancellation)
            : [.. reports.Select(Trials(parsed, draft, certs, context).Run)];
        PolicyOutput.Write(context, new TrialListView(draft.Name, draft.Identity.Sha256.ToString(), [.. draft.UnsafeSwitches], trials), parsed.GetValue(_format));
        return (int)(trials.Any(t => t.Draft.ExitCode == ExitCode.NotAuthentic) ? ExitCode.NotAuthentic
            : trials.All(t => t.Draft.IsAccepted) ? ExitCode.Success : ExitCode.Refused);
    }

    private PolicyTrials Trials(ParseResult parsed, AppraisalPolicy draft, InputFile[] certs, CliContext context) => new(
        parsed.GetValue(_current) is { } file ? PolicyFile.Read(file) : AppraisalPolicy.Default,
        draft,
        CertificateFiles.Bundle(certs),
        OfflineVerifier.Roots(parsed.GetValue(_extraRoot)),
        parsed.GetValue(_measurements) ?? [],
        parsed.GetValue(_at) ?? context.Clock.GetUtcNow());

    private async Task<IReadOnlyList<TrialView>> OnlineAsync(CliContext context, ParseResult parsed, AppraisalPolicy draft, FileInfo[] reports, InputFile[] certs, CancellationToken cancellation)
    {
        ServerInput server = _server.Read(parsed, context);
        using ServiceConnection connection = new(server);
        List<TrialView> trials = [];
        foreach (FileInfo report in reports)
        {
            EvidenceFiles files = new(ReportFile.Read(report), [], certs, []);
            V1.EvaluatePolicyRequest request = new()
            {
                Tenant = parsed.GetValue(_tenant) ?? "",
                Rules = PolicyRequests.Rules(draft),
                Evidence = new() { Snp = VerifyRequests.Evidence(files) },
            };
            V1.EvaluatePolicyResponse answer = await RpcFailure.Guard(
                server.Address, async () => await connection.Policies.EvaluatePolicyAsync(request, connection.Call(cancellation)));
            trials.Add(PolicyTrials.Of(
                report.ToString(), ServiceViews.Of(new V1.VerifyResponse { Verdict = answer.Current }), ServiceViews.Of(new V1.VerifyResponse { Verdict = answer.Draft })));
        }

        return trials;
    }
}
