using System.Text.Json;
using Verifier.Client.Online;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>Reference values for people and for scripts.</summary>
internal static class ReferenceOutput
{
    public static void Write(CliContext context, ReferenceValueView value, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(value, ViewJson.Default.ReferenceValueView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        if (value.DryRun == true)
        {
            page.Append("DRY RUN", Page.Caution).Line("  nothing was changed; it would be:");
        }

        One(page, value);
        if (value.Impact is { } impact)
        {
            RevocationOutput.Impact(page, impact);
        }
    }

    public static void Write(CliContext context, ReferenceListView list, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(list, ViewJson.Default.ReferenceListView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        Row(page, "STATE", "ID", "IMAGE", "KIND", "MEASUREMENTS");
        foreach (ReferenceValueView value in list.ReferenceValues)
        {
            Row(page, value.State, ResourceNames.Id(value.Name), $"{value.Image} {value.Version}", value.Kind, value.AcceptBySigner ? "by signer" : $"{value.Measurements.Count}");
        }

        if (list.Truncated)
        {
            FailureText.Hint(context, "there are more; --limit N shows more of them");
        }
    }

    public static void Write(CliContext context, MeasurementView measurement, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(measurement, ViewJson.Default.MeasurementView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        if (measurement.Revocation is { } revocation)
        {
            page.Append("REVOKED", Page.Bad).Line($"  {revocation.Reason}")
                .Field("with", revocation.ReferenceValue)
                .Field("at", Times.Text(revocation.RevokeTime))
                .Line();
        }

        foreach (ReferenceValueView value in measurement.ReferenceValues)
        {
            One(page, value);
        }
    }

    private static void One(Page page, ReferenceValueView value)
    {
        page.Append(value.State.ToUpperInvariant(), value.State switch { "active" => Page.Good, "revoked" => Page.Bad, _ => Page.Caution }).Line($"  {value.Name}")
            .Field("revoked because", value.RevokeReason)
            .Field("image", $"{value.Image} {value.Version} ({value.Kind})");
        foreach (LaunchMeasurementView m in value.Measurements)
        {
            page.Field("measurement", m.Digest + (m.Profile is null ? "" : $" {m.Profile}") + (m.VcpuCount is null ? "" : $", {m.VcpuCount} vCPUs"));
        }

        if (value.AcceptBySigner)
        {
            page.Field("measurement", "any that the signer below has signed");
        }

        foreach (string rule in value.Constraints)
        {
            page.Field("must hold", rule);
        }

        foreach (WarningView finding in value.File?.Findings ?? [])
        {
            page.Field("finding", $"{finding.Id} {finding.Text}");
        }

        page.Field("origin", $"{value.Origin} by {value.Registrar}")
            .Field("file sha384", value.Provenance?.FileSha384)
            .Field("file policy", value.File?.GuestPolicy)
            .Field("repository", value.Provenance?.Repository)
            .Field("commit", value.Provenance?.Commit)
            .Field("build", value.Provenance?.BuildUrl)
            .Field("created", Times.Text(value.CreateTime))
            .Field("updated", Times.Text(value.UpdateTime))
            .Field("expires", Times.Text(value.ExpireTime))
            .Field("etag", value.Etag);
    }

    private static void Row(Page page, string state, string id, string image, string kind, string measurements) =>
        page.Line($"{state,-11} {id,-32} {image,-36} {kind,-11} {measurements}");
}
