using SevSnp.Explanation;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>An explanation for people.</summary>
internal static class ExplanationText
{
    public static void Write(Page page, ExplanationView view)
    {
        page.Line("UNVERIFIED: this explains a report, and does not tell whether it is genuine", Page.Caution)
            .Field("report has", view.Measurement);
        foreach (ExplainedFileView file in view.Files.Where(f => f.Error is null))
        {
            File(page, file);
        }

        if (view.Nearest is { } nearest)
        {
            page.Line("Nearest", Page.Heading).Line($"  {nearest}");
        }

        if (view.FirstDifference is { } difference)
        {
            Difference(page, difference);
        }
    }

    private static void File(Page page, ExplainedFileView file)
    {
        page.Line(file.File, Page.Heading).Field("measures", $"{file.Measurement} ({file.Launch})");
        foreach (MatchView match in file.Matches)
        {
            bool isWhole = match.Deviation == "none";
            page.Append("  ").Append(isWhole ? "MATCHES" : "MATCHES, WITH A DEVIATION", isWhole ? Page.Good : Page.Caution).Line($" as {match.Launch}: {match.Text}")
                .Field("", match.Remedy);
        }

        if (file.NoMatch is { } words)
        {
            page.Append("  ").Append("NO MATCH", Page.Bad).Line($" in any way of launching it: {words}");
        }

        page.Field("id block", file.IdBlockFault is { } fault ? $"cannot be compared: {fault}" : null);
        foreach (ClaimDifference difference in file.Differences)
        {
            page.Append("  ").Append("DIFFERS", Page.Bad).Line($" {difference.Field}: expected {difference.Expected}, is {difference.Actual}: {difference.Meaning}");
        }
    }

    private static void Difference(Page page, TraceDifferenceView difference)
    {
        page.Line($"First difference of {difference.LeftFile} and {difference.RightFile} under {difference.Launch}", Page.Heading);
        if (difference.Step is not { } step)
        {
            page.Line("  none: the launches are the same");
            return;
        }

        page.Field("step", step.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .Field("first file", Step(difference.Left))
            .Field("second file", Step(difference.Right));
    }

    private static string Step(LaunchStepView? step) => step is null ? "has ended" : $"{step.Type} {step.Gpa} {step.Contents ?? "-"}";
}
