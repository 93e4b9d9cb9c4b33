using System.Globalization;
using System.Text.Json;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>Heads and entries, for people or for scripts.</summary>
internal static class LogOutput
{
    public static void Write(CliContext context, LogHeadView head, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(head, ViewJson.Default.LogHeadView));
            return;
        }

        new Page(context.Out, context.UseColor)
            .Field("tenant", head.Tenant)
            .Field("entries", head.Size.ToString(CultureInfo.InvariantCulture))
            .Field("root", head.Root)
            .Field("signed", head.KeyId is null ? "no entries, so nothing to sign" : $"at {Times.Text(head.Time)} by key {head.KeyId}");
    }

    public static void Write(CliContext context, LogVerifiedView verified, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(verified, ViewJson.Default.LogVerifiedView));
            return;
        }

        new Page(context.Out, context.UseColor)
            .Line("VERIFIED", Page.Good)
            .Field("tenant", verified.Tenant)
            .Field("entries", verified.Entries.ToString(CultureInfo.InvariantCulture))
            .Field("root", verified.Root)
            .Field("resources", $"{verified.Resources}, each stored as its last entry says, none missing or extra")
            .Field("revoked", $"{verified.Revoked} measurements");
    }

    public static void Write(CliContext context, LogEntriesView list, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(list, ViewJson.Default.LogEntriesView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        foreach (LogEntryView entry in list.Entries)
        {
            page.Append(entry.Index.ToString(CultureInfo.InvariantCulture).PadLeft(6)).Append("  ");
            if (entry.Fault is not null)
            {
                page.Line($"cannot be read: {entry.Fault}", Page.Bad);
                continue;
            }

            page.Append($"{Times.Text(entry.At)}  ", Page.Quiet).Append($"{entry.Action} ".PadRight(12), Page.Heading).Append($"{entry.Resource}  ").Append($"by {entry.Actor}", Page.Quiet)
                .Line(entry.Reason is null ? null : $"  ({entry.Reason})");
        }

        if (list.Truncated)
        {
            page.Line("there are more: --first and --limit", Page.Caution);
        }
    }
}
