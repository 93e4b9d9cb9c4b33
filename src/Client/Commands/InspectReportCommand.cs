using System.CommandLine;
using System.Text.Json;
using Verifier.Client.Input;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Commands;

/// <summary><c>inspect report</c>: the fields of a report that nobody has verified.</summary>
internal static class InspectReportCommand
{
    private const string Caution = "UNVERIFIED: anyone could have written this file; verifierctl verify tells whether a guest did";

    public static Command Create(CliContext context)
    {
        Argument<FileInfo> file = new("FILE") { Description = "The attestation report, 1184 bytes." };
        Option<string> field = Opt.Text("--field", "NAME", "Print only this field, by its name in the JSON form, for example measurement.");
        Option<OutputFormat> format = OutputOptions.Format();
        ExampleCommand command = new(
            "report",
            "Shows the fields of an attestation report without verifying it.",
            "verifierctl inspect report report.bin",
            "verifierctl inspect report report.bin --field measurement")
        {
            file, field, format,
        };
        command.SetAction(parsed =>
        {
            InspectedReportView view = InspectedReportView.Of(ReportFile.Parse(ReportFile.Read(parsed.GetRequiredValue(file))));
            if (parsed.GetValue(field) is { } name)
            {
                context.Out.WriteLine(SafeText.Of(Field(view, name)));
                context.Error.WriteLine($"note: {Caution}");
            }
            else if (parsed.GetValue(format) == OutputFormat.Json)
            {
                context.Out.WriteLine(JsonSerializer.Serialize(view, ViewJson.Default.InspectedReportView));
            }
            else
            {
                Page page = new(context.Out, context.UseColor);
                page.Line(Caution, Page.Caution).Line();
                ReportText.Full(page, view.UnverifiedReport);
                page.Field("evidence id", view.EvidenceId, width: ReportText.FullWidth);
            }

            return (int)ExitCode.Success;
        });
        return command;
    }

    private static string Field(InspectedReportView view, string name)
    {
        using JsonDocument fields = JsonSerializer.SerializeToDocument(view.UnverifiedReport, ViewJson.Default.ReportView);
        return fields.RootElement.TryGetProperty(name, out JsonElement value)
            ? value.ToString()
            : throw CommandFailure.Usage(
                $"this report has no field '{name}'", $"fields: {string.Join(", ", fields.RootElement.EnumerateObject().Select(p => p.Name))}");
    }
}
