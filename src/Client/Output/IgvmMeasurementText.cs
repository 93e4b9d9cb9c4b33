using System.Globalization;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>The measurement of an IGVM file for people, and on one line for scripts.</summary>
internal static class IgvmMeasurementText
{
    public static void Write(CliContext context, IgvmMeasurementView view, bool bare)
    {
        if (bare)
        {
            context.Out.WriteLine($"{view.Measurement}  {SafeText.Of(view.File)}");
            return;
        }

        new Page(context.Out, context.UseColor)
            .Line(view.File, Page.Heading)
            .Field("measurement", view.Measurement)
            .Field("launch", view.Launch)
            .Field("pages", view.Pages?.ToString(CultureInfo.InvariantCulture));
        if (view.Steps is { } steps)
        {
            Steps(context.Out, steps);
        }
    }

    /// <summary>One line for each step: number, page type, address, hash of the contents, digest with this page in it.</summary>
    public static void Steps(TextWriter output, IEnumerable<LaunchStepView> steps)
    {
        foreach (LaunchStepView step in steps)
        {
            output.WriteLine($"  {step.Number,8}  {step.Type,-10}  {step.Gpa,18}  {step.Contents ?? "-",-96}  {step.DigestAfter}");
        }
    }
}
