using System.Globalization;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>The content of an IGVM file for people.</summary>
internal static class InspectedIgvmText
{
    public static void Write(Page page, InspectedIgvmView view)
    {
        page.Line(view.File, Page.Heading)
            .Field("size", $"{Number(view.Size)} bytes")
            .Field("format", $"version {view.FormatVersion}, {view.Architecture}")
            .Field("headers", string.Join(", ", view.Headers.Select(h => $"{h.Value} {h.Key}")));
        foreach (IgvmPlatformView platform in view.Platforms)
        {
            Platform(page, platform);
        }

        if (view.IdBlock is { } block)
        {
            IdBlockText.Write(page, block);
        }

        page.Line(view.Findings.Count == 0 ? "No findings" : "Findings", view.Findings.Count == 0 ? Page.Heading : Page.Caution);
        foreach (string finding in view.Findings)
        {
            page.Line($"  {finding}");
        }
    }

    private static void Platform(Page page, IgvmPlatformView platform)
    {
        page.Line($"Platform {platform.Type}", Page.Heading)
            .Field("mask", platform.CompatibilityMask)
            .Field("highest vtl", platform.HighestVtl == 0 ? null : Number(platform.HighestVtl))
            .Field("shared from", platform.SharedGpaBoundary)
            .Field("policy", string.Join(", ", platform.Policies.Select(p => platform.Type == "sev-snp" ? ReportText.Policy(p) : p)))
            .Field("pages", Pages(platform.Pages))
            .Field("required memory", platform.RequiredMemoryBytes == 0 ? null : $"{Number(platform.RequiredMemoryBytes)} bytes")
            .Field("vp contexts", Contexts(platform.VpContexts))
            .Field("corim", platform.Corims == 0 ? null : Number(platform.Corims));
    }

    private static string Pages(IgvmPagesView pages)
    {
        (string Name, long Count)[] all =
        [
            ("with content", pages.Content), ("zero", pages.Zero), ("unmeasured", pages.Unmeasured), ("shared", pages.Shared),
            ("secrets", pages.Secrets), ("cpuid", pages.Cpuid), ("parameter", pages.Parameter),
        ];
        return string.Join(", ", all.Where(p => p.Count > 0).Select(p => $"{Number(p.Count)} {p.Name}")) is { Length: > 0 } text ? text : "none";
    }

    // There may be thousands; the first few tell how they are laid out.
    private static string Contexts(IReadOnlyList<IgvmContextView> contexts) =>
        string.Join(", ", contexts.Take(8).Select(c => $"{c.VpIndex} at {c.Gpa}")) + (contexts.Count > 8 ? $", {contexts.Count - 8} more" : "");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
