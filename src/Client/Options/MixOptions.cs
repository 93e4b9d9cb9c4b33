using System.CommandLine;
using Google.Protobuf;
using SevSnp.Reports;
using Verifier.Client.Bench;
using Verifier.Client.Input;
using Verifier.Client.Online;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Options;

/// <summary>What is asked for, about which evidence.</summary>
internal sealed class MixOptions
{
    public const string VerifyOperation = "verify";
    public const string ChallengeOperation = "challenge";
    public const string HealthOperation = "health";

    private const uint DefaultColdShare = 10;
    private const int ReportDataOffset = 0x50;

    private readonly Option<string> _operation = Opt.Word(
        "--operation", "verify|challenge|health", "What is called: verify (default), challenge, or health, which tells what a call costs by itself.", VerifyOperation, ChallengeOperation, HealthOperation);

    private readonly EvidenceOptions _evidence = new(required: false);
    private readonly Option<DirectoryInfo> _folder = Folder("--evidence", "Evidence of several chips in turn: a folder for each, with files named as in samples/ (report.bin, vcek.der, chain.pem, crl.der ...).");
    private readonly Option<DirectoryInfo> _cold = Folder("--cold", "The same of chips that the service has not seen; each is asked about once.");
    private readonly Option<uint?> _coldShare = Opt.Number("--cold-share", 1, 100, $"How many of a hundred calls ask about a chip of --cold, as long as there are such. Default: {DefaultColdShare}.");
    private readonly Option<uint?> _rejectShare = Opt.Number("--reject-share", 0, 100, "How many of a hundred calls have a report with one byte changed. Default: 0.");
    private readonly Option<string> _audience = Opt.Text("--audience", "NAME", "Ask for a signed result for this audience with each verdict.");
    private readonly Option<string> _tenant = Opt.Text("--tenant", "NAME", $"Tenant. Default: {ResourceNames.DefaultTenant}.");

    public void AddTo(Command command)
    {
        command.Add(_operation);
        _evidence.AddTo(command);
        foreach (Option option in (Option[])[_folder, _cold, _coldShare, _rejectShare, _audience, _tenant])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool Has(Option option) => Opt.IsGiven(result, option);
            string operation = Has(_operation) ? result.GetResult(_operation)!.Tokens[0].Value : VerifyOperation;
            bool hasReport = Has(_evidence.Report);
            if (operation == VerifyOperation && hasReport == Has(_folder))
            {
                result.AddError("give the evidence: either --report or --evidence");
            }
            else if (operation != VerifyOperation
                && new Option[] { _evidence.Report, _folder, _cold, _coldShare, _rejectShare, _audience }.FirstOrDefault(Has) is { } idle)
            {
                result.AddError($"{idle.Name} has a meaning only with --operation verify");
            }
            else if (operation == HealthOperation && Has(_tenant))
            {
                result.AddError("--tenant has no meaning with --operation health");
            }
            else if (Has(_coldShare) && !Has(_cold))
            {
                result.AddError("--cold-share needs --cold");
            }
        });
    }

    public string Operation(ParseResult parsed) => parsed.GetValue(_operation) ?? VerifyOperation;

    public RequestMix Read(ParseResult parsed)
    {
        string tenant = parsed.GetValue(_tenant) ?? "";
        switch (Operation(parsed))
        {
            case HealthOperation:
                return new RequestMix([[]]);
            case ChallengeOperation:
                return new RequestMix([new V1.CreateChallengeRequest { Tenant = tenant }.ToByteArray()]);
            default:
                IReadOnlyList<EvidenceFiles> warm = parsed.GetValue(_folder) is { } folder ? EvidenceFolder.Read(folder) : [_evidence.Read(parsed)];
                IReadOnlyList<EvidenceFiles> cold = parsed.GetValue(_cold) is { } unseen ? EvidenceFolder.Read(unseen) : [];
                string? audience = parsed.GetValue(_audience);
                return new RequestMix([.. warm.Select(e => Request(tenant, e, audience))])
                {
                    Falsified = [.. warm.Select(e => Request(tenant, Falsified(e), audience))],
                    Cold = [.. cold.Select(e => Request(tenant, e, audience))],
                    RejectShare = (int)(parsed.GetValue(_rejectShare) ?? 0),
                    ColdShare = cold.Count > 0 ? (int)(parsed.GetValue(_coldShare) ?? DefaultColdShare) : 0,
                };
        }
    }

    // The binding asks for the REPORT_DATA that the report has: this is about speed, and says nothing about a guest.
    private static byte[] Request(string tenant, EvidenceFiles files, string? audience)
    {
        AttestationReport report = ReportFile.Parse(files.Report);
        BindingInput binding = new(report.ReportData, null, null, UnsafeSkip: false);
        V1.VerifyRequest request = VerifyRequests.Create(tenant, files, binding, new ExpectationInput(null, null, null), null, []);
        request.Result = audience is null ? null : new V1.ResultRequest { Audience = audience };
        return request.ToByteArray();
    }

    // REPORT_DATA begins there. It is then not what was signed; all else is as it was.
    private static EvidenceFiles Falsified(EvidenceFiles files)
    {
        byte[] changed = [.. files.Report.Bytes];
        changed[ReportDataOffset] ^= 1;
        return files with { Report = files.Report with { Bytes = changed } };
    }

    private static Option<DirectoryInfo> Folder(string name, string description) => new(name) { Description = description, HelpName = "DIR" };
}
