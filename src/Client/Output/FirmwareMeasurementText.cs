using System.Globalization;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>A measured firmware launch for people.</summary>
internal static class FirmwareMeasurementText
{
    public static void Write(CliContext context, FirmwareMeasurementView view)
    {
        Page page = new(context.Out, context.UseColor);
        page.Line("Launch", Page.Heading)
            .Field("measurement", view.Measurement)
            .Field("kind", view.Kind)
            .Field("profile", view.Profile)
            .Field("vcpus", view.Vcpus.ToString(CultureInfo.InvariantCulture))
            .Field("cpu signature", view.CpuSignature)
            .Field("guest features", view.GuestFeatures)
            .Field("fpu", view.Fpu)
            .Field("vmsa address", view.VmsaGpa)
            .Field("pages", view.Pages.ToString(CultureInfo.InvariantCulture))
            .Field("firmware digest", view.FirmwareDigest)
            .Field("variable store", view.VarsSize?.ToString(CultureInfo.InvariantCulture))
            .Field("kernel hashes", KernelHashes(view));
        File(page, "Firmware file", view.Firmware);
        File(page, "SVSM file", view.Svsm);
        if (view.KernelHashes is { } hashes)
        {
            page.Line("Kernel hashes, SHA-256", Page.Heading)
                .Field("kernel", hashes.KernelSha256)
                .Field("initrd", hashes.InitrdSha256)
                .Field("command line", hashes.CommandLineSha256);
        }

        if (view.Steps is { } steps)
        {
            page.Line("Steps", Page.Heading);
            IgvmMeasurementText.Steps(context.Out, steps);
        }
    }

    // A stage 1 launch has none, on or off.
    private static string? KernelHashes(FirmwareMeasurementView view) => view switch
    {
        { Svsm: not null } => null,
        { KernelHashes: null } => "off: a kernel that is handed over is not measured",
        _ => "on",
    };

    private static void File(Page page, string title, MeasuredFileView? file)
    {
        if (file is not null)
        {
            page.Line(title, Page.Heading).Field("size", $"{file.Size.ToString(CultureInfo.InvariantCulture)} bytes").Field("sha-384", file.Sha384);
        }
    }
}
