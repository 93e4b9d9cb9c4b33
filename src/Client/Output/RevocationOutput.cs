using System.Globalization;
using System.Text.Json;
using Verifier.Client.Online;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>What a revocation would do, and requests to lift one.</summary>
internal static class RevocationOutput
{
    public static void Impact(Page page, RevocationImpactView impact)
    {
        page.Line().Append($"{impact.Accepted}", impact.Accepted == 0 ? Page.Good : Page.Caution).Line(" accepted with these measurements in the last 30 days, which would be refused")
            .Field("counted up to", string.Create(CultureInfo.InvariantCulture, $"{impact.LossWindowSeconds ?? 0} seconds late; a service that died may have lost as much"));
        foreach (UseView use in impact.Uses)
        {
            page.Field(use.Day, $"{use.Accepted} by {use.Caller}");
        }

        foreach (string other in impact.OtherReferenceValues)
        {
            page.Field("also withdrawn", other);
        }
    }

    public static void Write(CliContext context, LiftRequestView lift, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(lift, ViewJson.Default.LiftRequestView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        if (lift.DryRun == true)
        {
            page.Append("DRY RUN", Page.Caution).Line("  nothing was changed; it would be:");
        }

        page.Append(lift.State.ToUpperInvariant(), lift.State == "approved" ? Page.Good : Page.Caution).Line($"  {lift.Name}")
            .Field("measurement", lift.Digest)
            .Field("reason", lift.Reason)
            .Field("asked by", lift.Requester)
            .Field("approved by", lift.Approver)
            .Field("asked at", Times.Text(lift.CreateTime))
            .Field("until", Times.Text(lift.ExpireTime));
        foreach (string name in lift.MatchingAgain ?? [])
        {
            page.Field("matches again", name);
        }
    }

    public static void Write(CliContext context, LiftRequestListView list, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(list, ViewJson.Default.LiftRequestListView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        page.Line($"{"STATE",-10} {"ID",-32} {"ASKED BY",-40} MEASUREMENT");
        foreach (LiftRequestView lift in list.LiftRequests)
        {
            page.Line($"{lift.State,-10} {ResourceNames.Id(lift.Name),-32} {lift.Requester,-40} {lift.Digest}");
        }
    }
}
