using System.CommandLine;
using SevSnp.Launch;
using SevSnp.Policies;
using Verifier.Client.Input;
using Verifier.Client.Log;
using Verifier.Client.Offline;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>verify</c>: is this guest what it claims to be? Judged by a service, or with <c>--offline</c> right here.</summary>
internal sealed class VerifyCommand
{
    private readonly EvidenceOptions _evidence = new();
    private readonly BindingOptions _binding = new();
    private readonly ExpectationOptions _expectations = new(" Offline it replaces the default; with a service it can only tighten.");
    private readonly OfflineOptions _offlineOnly = new();
    private readonly ServerOptions _server = new(asAdministrator: false);
    private readonly ResultOptions _result = new();
    private readonly Option<bool> _offline = Opt.Flag("--offline", "Judge right here, without a service and without the network.");
    private readonly Option<string> _tenant = Opt.Text("--tenant", "NAME", "Tenant whose policy and registry apply. Default: default.");
    private readonly Option<string> _image = Opt.Text("--image", "NAME", "Image that the matching reference value must have.");
    private readonly Option<IReadOnlyList<LaunchKind>> _kinds = Opt.Kinds("--kind", "Accepted kind of launch: svsm-igvm, igvm, stage1 or ovmf (repeatable).");
    private readonly Option<bool> _proof = Opt.Flag("--require-proof", "Accept only with a proof from the registry's signed log, and only if that adds to what was seen of it before.");
    private readonly LogTrustOptions _log = new();
    private readonly Option<OutputFormat> _format = OutputOptions.Format();

    private VerifyCommand()
    {
    }

    public static Command Create(CliContext context)
    {
        VerifyCommand verify = new();
        ExampleCommand command = new(
            "verify",
            "Verifies an attestation report. Exit code: 0 accepted, 1 usage, 2 malformed, 3 not authentic, 4 refused by policy or registry, 5 cannot be judged now.",
            "verifierctl verify --report report.bin --certs certs.bin --nonce $NONCE",
            "verifierctl verify --server https://verifier.example:7443 --report report.bin --report-data $DATA --kind svsm-igvm",
            "verifierctl verify --report report.bin --nonce $NONCE --audience https://me.example --issuer http://127.0.0.1:7444 --token-out result.jwt",
            "verifierctl verify --offline --report report.bin --vcek vcek.der --chain cert_chain.pem --measurement $DIGEST --nonce $NONCE");
        command.Add(verify._offline);
        verify._evidence.AddTo(command);
        verify._binding.AddTo(command);
        verify._expectations.AddTo(command);
        verify._offlineOnly.AddTo(command, verify._offline);
        verify._server.AddTo(command);
        verify._result.AddTo(command);
        command.Add(verify._tenant);
        command.Add(verify._image);
        command.Add(verify._kinds);
        command.Add(verify._proof);
        verify._log.AddTo(command);
        command.Add(verify._format);
        command.Validators.Add(verify.RefuseServiceOptionsOffline);
        command.SetAction((parsed, cancellation) => verify.RunAsync(context, parsed, cancellation));
        return command;
    }

    private void RefuseServiceOptionsOffline(System.CommandLine.Parsing.CommandResult result)
    {
        Option[] serviceOnly = [.. _server.All, .. _result.All, _binding.Challenge, _tenant, _image, _kinds, _proof, .. _log.All];
        if (Opt.IsGiven(result, _offline) && serviceOnly.FirstOrDefault(o => Opt.IsGiven(result, o)) is { } misplaced)
        {
            result.AddError($"{misplaced.Name} has no meaning with --offline");
        }
        else if (!Opt.IsGiven(result, _proof) && _log.All.FirstOrDefault(o => Opt.IsGiven(result, o)) is { } idle)
        {
            result.AddError($"{idle.Name} has no meaning without --require-proof");
        }
    }

    private async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken cancellation)
    {
        EvidenceFiles files = _evidence.Read(parsed);
        BindingInput binding = _binding.Read(parsed);
        VerdictView verdict = parsed.GetValue(_offline)
            ? Offline(context, parsed, files, binding)
            : await OnlineAsync(context, parsed, files, binding, cancellation);
        VerdictOutput.Write(context, verdict, parsed.GetValue(_format));
        return (int)verdict.ExitCode;
    }

    private VerdictView Offline(CliContext context, ParseResult parsed, EvidenceFiles files, BindingInput binding)
    {
        (AppraisalPolicy policy, Expectations expectations) = _offlineOnly.Judging(parsed, _expectations.Read(parsed), binding);
        return LibraryViews.Of(OfflineVerifier.Verify(
            files,
            _offlineOnly.Measurements(parsed),
            OfflineVerifier.Roots(_offlineOnly.ExtraRoot(parsed)),
            policy,
            expectations,
            _offlineOnly.At(parsed) ?? context.Clock.GetUtcNow()));
    }

    private async Task<VerdictView> OnlineAsync(CliContext context, ParseResult parsed, EvidenceFiles files, BindingInput binding, CancellationToken cancellation)
    {
        if (!binding.IsStated && !binding.UnsafeSkip)
        {
            throw CommandFailure.Usage(
                "nothing says what REPORT_DATA must be",
                "give --nonce, --challenge or --report-data; --unsafe-skip-report-data leaves it out, which works only where the service's policy allows unbound reports");
        }

        ServerInput server = _server.Read(parsed, context);
        V1.VerifyRequest request = VerifyRequests.Create(
            parsed.GetValue(_tenant), files, binding, _expectations.Read(parsed), parsed.GetValue(_image), parsed.GetValue(_kinds) ?? []);
        ResultInput? result = _result.Read(parsed);
        request.Result = result is null ? null : VerifyRequests.Result(result);
        using ServiceConnection connection = new(server);
        string tenant = parsed.GetValue(_tenant) ?? ResourceNames.DefaultTenant;
        LogWatch? watch = parsed.GetValue(_proof) ? _log.Watch(context, parsed, server.Address, tenant) : null;
        request.IncludeProof = watch is not null;
        V1.VerifyResponse response = await RpcFailure.Guard(
            server.Address, () => Question.AskAsync(connection.Verifier, request, connection.Call(cancellation), server.Timeout, context.Clock));
        VerdictView verdict = watch is null
            ? ServiceViews.Of(response)
            : await RpcFailure.Guard(server.Address, () => ProvenAsync(connection, response, watch, tenant, cancellation));
        return result is null
            ? verdict
            : verdict with { Result = await ResultCheck.KeepAsync(response.ResultToken, result, binding.SentNonce, verdict, server, context.Clock.GetUtcNow(), cancellation) };
    }

    // A refusal needs no proof, but whoever rolled the log back is to be seen then too.
    private static async Task<VerdictView> ProvenAsync(ServiceConnection connection, V1.VerifyResponse response, LogWatch watch, string tenant, CancellationToken cancellation)
    {
        VerdictView verdict = ServiceViews.Of(response);
        RemoteHead head = verdict.IsAccepted
            ? EntryProofCheck.Read(response, tenant)
            : RemoteHead.Read((await connection.Log.GetTreeHeadAsync(new() { Parent = ResourceNames.Parent(tenant) }, connection.Call(cancellation))).Head, tenant);
        await watch.CheckAsync(head, connection.Log, () => connection.Call(cancellation));
        return verdict;
    }
}
