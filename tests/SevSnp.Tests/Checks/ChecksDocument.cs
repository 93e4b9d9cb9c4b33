using System.Text;
using SevSnp.Checks;

namespace SevSnp.Tests.Checks;

/// <summary>Writes docs/checks.md from the check table, so that the two cannot drift apart.</summary>
internal static class ChecksDocument
{
    private static readonly Dictionary<CheckStage, (string Title, string Text)> Stages = new()
    {
        [CheckStage.Format] = ("Format", "The bytes of the report. A report that breaks one of these is malformed and not judged, except for a missing or impossible signature, which is a verdict."),
        [CheckStage.Certificates] = ("Certificates", "The chain from the leaf to the pinned root. The first one that fails stops the rest."),
        [CheckStage.Binding] = ("Signature and binding", "The report's signature, and the report against its certificate. Only from here on is a field of the report believed."),
        [CheckStage.Content] = ("Content", "What the report says, by policy, registry and request. All of them are made, whatever failed before, so that the whole list is seen at once."),
    };

    public static string Write()
    {
        StringBuilder text = new();
        text.Append("""
            # The checks

            Generated from the check table (`src/SevSnp/Checks/CheckTable.cs`); `ChecksDocumentTests` fails when this file differs from it.
            To write it again: `VERIFIER_UPDATE_DOCS=1 dotnet test --project tests/SevSnp.Tests`.

            A verdict has every check exactly once. It is accepted when each has passed, or is not required where the table below marks it
            as optional; a check that is missing, doubled or not evaluated is a refusal. An optional check counts as not required when
            nothing demands it, when it does not apply to the evidence, or when the policy loosens it by an `Unsafe` switch, which the
            verdict then names.

            What policy, request and reference value state is combined by demanding each of it: only the policy can loosen, and only by
            those switches. Of the reference values that have the measurement, one with all its constraints met must exist
            (`MEASUREMENT_IS_REGISTERED`). When none is, that check says why each candidate failed, and the checks of the single
            constraints show those of the usable candidate that comes nearest, so that the failing one is seen by its own name too.

            Worth knowing:

            - A policy that is silent on the least report version, the VMPLs or the providers of VLEKs inherits version 3, VMPL 0 and no
              provider. A set of allowed values that is stated but empty allows none.
            - `UnsafeAllowAnyMeasurement` waives neither a revocation nor an image or kind that the caller expects.
            - Once a TCB floor is stated, a product line or CPU without one is refused. Within one set of constraints the floor for the
              very CPU goes before that of its product line, which still holds for what the former leaves out of the three; floors of
              policy, request and reference value must all be met. A report of
              version 2 does not name its CPU and must meet every floor of its product line.
            - Where chips are denied, a masked CHIP_ID is refused as well: it may be any of them.
            - A list of mitigations refuses every report below version 5, which states none.


            """.ReplaceLineEndings("\n"));
        text.Append("| | Check | Optional |\n|---|---|---|\n");
        foreach (CheckRule rule in CheckTable.All)
        {
            text.Append($"| {rule.Number} | [`{rule.Name}`](#{rule.Name.ToLowerInvariant()}) | {(rule.IsOptional ? "yes" : "no")} |\n");
        }

        foreach (IGrouping<CheckStage, CheckRule> stage in CheckTable.All.GroupBy(rule => rule.Stage))
        {
            text.Append($"\n## {Stages[stage.Key].Title}\n\n{Stages[stage.Key].Text}\n");
            foreach (CheckRule rule in stage)
            {
                text.Append($"\n### {rule.Name}\n\n");
                text.Append($"{rule.Number}: {rule.Title}{(rule.IsOptional ? " (optional)" : "")}\n\n");
                text.Append($"- **Must hold:** {rule.MustHold}\n- **Why:** {rule.Why}\n- **Source:** {rule.Source}.\n- **When it fails:** {rule.Remedy}\n");
            }
        }

        return text.ToString();
    }
}
