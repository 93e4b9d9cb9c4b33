using System.CommandLine;
using Verifier.Client.Input;

namespace Verifier.Client.Options;

/// <summary>Files of evidence: the report, its certificates and revocation lists.</summary>
internal sealed class EvidenceOptions
{
    public const int MaxRevocationLists = 4;

    private readonly Option<FileInfo> _vcek = Opt.File("--vcek", "VCEK certificate, DER or PEM.");
    private readonly Option<FileInfo> _vlek = Opt.File("--vlek", "VLEK certificate, DER or PEM.");
    private readonly Option<FileInfo> _chain = Opt.File("--chain", "Intermediate (ASK or ASVK) and root (ARK), PEM as AMD's key service gives them; or DER, or a certificate table.");
    private readonly Option<FileInfo> _certs = Opt.File("--certs", "Everything in one file: the certificate table of the GHCB extended request, or a PEM bundle.");
    private readonly Option<IReadOnlyList<FileInfo>> _crls = Opt.Files("--crl", $"Revocation list, DER or PEM (repeatable, at most {MaxRevocationLists}).");

    /// <param name="report">Name of the option with the report.</param>
    /// <param name="required">True when there is no other input.</param>
    public EvidenceOptions(string report = "--report", bool required = true) =>
        Report = Opt.File(report, "The attestation report, 1184 bytes as the firmware made it.", required);

    public Option<FileInfo> Report { get; }

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(Report) is not null;

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Report, _vcek, _vlek, _chain, _certs, _crls])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (!Report.Required && !Opt.IsGiven(result, Report) && new Option[] { _vcek, _vlek, _chain, _certs, _crls }.FirstOrDefault(o => Opt.IsGiven(result, o)) is { } dependent)
            {
                result.AddError($"{dependent.Name} needs {Report.Name}: certificates and revocation lists belong to a report");
            }

            if (result.GetResult(_crls) is { } given && given.Tokens.Count > MaxRevocationLists)
            {
                result.AddError($"--crl may be given at most {MaxRevocationLists} times");
            }
        });
    }

    public EvidenceFiles Read(ParseResult parsed)
    {
        InputFile[] Files(params FileInfo?[] given) => [.. given.OfType<FileInfo>().Select(CertificateFiles.Read)];
        return new EvidenceFiles(
            ReportFile.Read(parsed.GetRequiredValue(Report)),
            Files(parsed.GetValue(_vcek), parsed.GetValue(_vlek)),
            Files(parsed.GetValue(_chain), parsed.GetValue(_certs)),
            Files([.. parsed.GetValue(_crls) ?? []]));
    }
}

/// <summary>What the evidence options named.</summary>
/// <param name="Report">The report's file; only its size has been looked at.</param>
/// <param name="Leaves">One certificate each.</param>
/// <param name="Bundles">Any number of certificates each, or a certificate table.</param>
/// <param name="RevocationLists">Files with revocation lists.</param>
internal sealed record EvidenceFiles(InputFile Report, IReadOnlyList<InputFile> Leaves, IReadOnlyList<InputFile> Bundles, IReadOnlyList<InputFile> RevocationLists);
