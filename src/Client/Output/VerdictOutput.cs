using System.Text.Json;
using Verifier.Client.Offline;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>
/// A verdict for people: the decision first, then what failed with expected and actual and what to do, then what else one should
/// know, and what passed in short. Or for scripts, as JSON.
/// </summary>
internal static class VerdictOutput
{
    private const int IdWidth = 34;

    public static void Write(CliContext context, VerdictView verdict, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(verdict, ViewJson.Default.VerdictView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        Decision(page, verdict);
        Failures(page, verdict);
        Explanation(page, verdict);
        Warnings(page, verdict);
        Guest(page, verdict);
        Advisories(page, verdict);
        Others(page, verdict);
    }

    private static void Decision(Page page, VerdictView verdict)
    {
        string kind = verdict.ExitCode switch
        {
            ExitCode.Success => "",
            ExitCode.Refused => "  authentic, but refused by policy or registry",
            _ => "  not authentic",
        };
        page.Append(verdict.IsAccepted ? "ACCEPTED" : "REJECTED", verdict.IsAccepted ? Page.Good : Page.Bad).Line(kind).Line(verdict.Summary).Line();
    }

    private static void Failures(Page page, VerdictView verdict)
    {
        CheckView[] failed = [.. verdict.Checks.Where(c => c.Status == CheckView.Failed)];
        if (failed.Length == 0)
        {
            return;
        }

        page.Line(failed.Length == 1 ? "1 check failed" : $"{failed.Length} checks failed", Page.Heading);
        foreach (CheckView check in failed)
        {
            page.Append("  ").Line(check.Id, Page.Bad)
                .Field("expected", check.Expected, 4, 10)
                .Field("actual", check.Actual, 4, 10)
                .Field("why", check.Detail, 4, 10)
                .Field("to do", CheckWords.Remedy(check.Id), 4, 10);
        }

        page.Line();
    }

    private static void Explanation(Page page, VerdictView verdict)
    {
        if (verdict.Explanation is not { Count: > 0 } causes)
        {
            return;
        }

        page.Line("Explanation", Page.Heading);
        foreach (CauseView cause in causes)
        {
            page.Append("  ").Append(cause.Id.PadRight(IdWidth), Page.Caution).Append(" ").Line(cause.Text);
        }

        page.Line();
    }

    private static void Warnings(Page page, VerdictView verdict)
    {
        if (verdict.Warnings.Count == 0)
        {
            return;
        }

        page.Line("Warnings", Page.Heading);
        foreach (WarningView warning in verdict.Warnings)
        {
            page.Append("  ").Append(warning.Id.PadRight(IdWidth), Page.Caution).Append(" ").Line(warning.Text);
        }

        page.Line();
    }

    private static void Guest(Page page, VerdictView verdict)
    {
        // Offline the "reference value" is what stands on the command line: nothing to tell.
        if (verdict.Reference is { } match && match.Name != OfflineVerifier.ReferenceName)
        {
            page.Line("Matched reference value", Page.Heading)
                .Field("name", match.Name)
                .Field("image", $"{match.Image} {match.Version}")
                .Field("kind", match.Kind)
                .Field("profile", match.Profile)
                .Line();
        }

        if ((verdict.Report ?? verdict.UnverifiedReport) is { } report)
        {
            page.Line(verdict.Report is null ? "Report, UNVERIFIED: its fields may be forged" : "Report", verdict.Report is null ? Page.Bad : Page.Heading);
            ReportText.Short(page, report);
        }

        if (verdict.Endorsement is { } key)
        {
            string root = key.UnsafeExtraRoot ? ", root NOT AMD's (--unsafe-extra-root or Trust:UnsafeExtraRoots)" : "";
            page.Field("endorsed by", $"{key.Kind} of {key.Product}{(key.CspId is null ? "" : $", provider {key.CspId}")}{root}");
        }

        page.Field("bound", verdict.Bound is { } bound ? $"{bound.Scheme} {bound.ReportData}" : null)
            .Field("evidence id", verdict.EvidenceId)
            .Field("result", verdict.Result is { } result ? $"{result.Status}, valid until {Times.Text(result.ExpireTime)}, signed by {result.KeyId}" : null)
            .Field("judged", $"at {Times.Text(verdict.JudgeTime) ?? "no time given"} by policy {PolicyName(verdict)}")
            .Line();
    }

    private static string PolicyName(VerdictView verdict)
    {
        const int ShownDigits = 12;
        string version = verdict.PolicyVersion is { } number ? $"@{number}" : "";
        string hash = verdict.PolicySha256 is { Length: > ShownDigits } sha256 ? $" (sha256 {sha256[..ShownDigits]}...)" : "";
        return $"{verdict.Policy}{version}{hash}";
    }

    // Which fix is missing is told each by itself; of the others their numbers are enough.
    private static void Advisories(Page page, VerdictView verdict)
    {
        if (verdict.Advisories is not { Count: > 0 } advisories)
        {
            return;
        }

        page.Line("Security bulletins", Page.Heading);
        foreach (AdvisoryView advisory in advisories.Where(a => a.Status == AdvisoryView.OutOfDate))
        {
            page.Append("  ").Append("out of date".PadRight(18), Page.Caution).Line($"{advisory.Id}{(advisory.Name is null ? "" : $" ({advisory.Name})")}: {advisory.Detail}");
        }

        page.Field("up to date", Ids(AdvisoryView.UpToDate)).Field("unknown", Ids(AdvisoryView.Unknown)).Line();

        string? Ids(string status) => string.Join(", ", advisories.Where(a => a.Status == status).Select(a => a.Id)) is { Length: > 0 } ids ? ids : null;
    }

    private static void Others(Page page, VerdictView verdict)
    {
        Titles(page, "Passed", verdict, CheckView.Passed);
        Titles(page, "Not required", verdict, CheckView.NotRequired);
        int open = verdict.Checks.Count(c => c.Status == CheckView.NotEvaluated);
        if (open > 0)
        {
            page.Append($"Not evaluated ({open})", Page.Heading).Line("  because of what failed before", Page.Quiet);
        }

        if (verdict.IsAccepted && verdict.NotCovered.Count > 0)
        {
            page.Line("No verifier sees", Page.Heading);
            foreach (string threat in verdict.NotCovered)
            {
                page.Append("  ").Line(threat, Page.Quiet);
            }
        }
    }

    private static void Titles(Page page, string heading, VerdictView verdict, string status)
    {
        CheckView[] checks = [.. verdict.Checks.Where(c => c.Status == status)];
        if (checks.Length == 0)
        {
            return;
        }

        page.Line($"{heading} ({checks.Length})", Page.Heading);
        foreach (IGrouping<string, CheckView> stage in checks.GroupBy(c => CheckWords.Stage(c.Id)))
        {
            page.Field(stage.Key, string.Join(", ", stage.Select(c => CheckWords.Title(c.Id))));
        }
    }
}
