namespace Verifier.EndToEnd.Tests.Reports;

/// <summary>
/// What must come out of each real report, at its time, with its own REPORT_DATA expected and its measurement registered: by the default
/// policy, and by a permissive one that accepts old versions, debugging, every VMPL, one cloud provider, any measurement and no binding.
/// What is listed is the checks that fail; nothing listed means accepted.
/// </summary>
internal sealed record VerdictRow(string Vector, string[] FailedByDefault, string[] FailedByPermissive)
{
    private const string Signature = "REPORT_SIGNATURE_IS_VALID";

    public static IReadOnlyList<VerdictRow> All { get; } =
    [
        new("milan-v2-a", ["REPORT_VERSION_IS_ALLOWED", "DEBUG_IS_OFF"], []),
        new("milan-v2-b", ["REPORT_VERSION_IS_ALLOWED"], []),
        new("milan-v3-idblock", [], []),
        new("milan-v3-reported-below", [], []),
        new("milan-v5-vlek", ["VMPL_IS_ALLOWED", "CSP_ID_IS_ALLOWED"], []),
        new("genoa-v3-idblock", [], []),
        new("genoa-v3-certtable", [], []),
        new("genoa-v5-zen4c", [], []),
        new("genoa-v5-zen4c/report2.bin", [], []),
        new("turin-v5-idblock", [], []),
        new("neg-vlek-other-key", [Signature], [Signature]),
        new("neg-azure-hcl-other-chip", [Signature, "CHIP_ID_MATCHES_CERTIFICATE"], [Signature, "CHIP_ID_MATCHES_CERTIFICATE"]),
    ];

    /// <summary>Exit code of the command line: 0 accepted, 3 not authentic, 4 refused.</summary>
    public static int ExitCode(string[] failed) => failed switch
    {
        [] => 0,
        [Signature, ..] => 3,
        _ => 4,
    };
}
