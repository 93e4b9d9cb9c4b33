using System.Text.Json;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>A bundle for people, or as JSON.</summary>
internal static class KdsBundleText
{
    public static void Write(CliContext context, KdsBundleView view, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(view, ViewJson.Default.KdsBundleView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        page.Line($"Bundle of {view.Entries.Count} entries{(view.Findings is { Count: 0 } ? ", all of which hold" : view.Findings is null ? ", not verified" : "")}", Page.Heading);
        foreach (KdsBundleEntryView entry in view.Entries)
        {
            page.Line($"  {entry.Entry}{(entry.Number is null ? "" : $", number {entry.Number}")}").Line($"    {Times.Text(entry.From)} to {Times.Text(entry.Until)}");
        }

        foreach (KdsBundleFindingView finding in view.Findings ?? [])
        {
            page.Append(finding.IsExpired ? "Over  " : "Refused  ", Page.Bad).Line($"{finding.Entry}: {finding.Fault}");
        }

        foreach (string missing in view.Missing ?? [])
        {
            page.Append("Missing  ", Page.Bad).Line(missing);
        }
    }
}
