using System.Text;
using SevSnp.Igvm;

namespace SevSnp.Tests.Igvm;

/// <summary>The generated part of docs/igvm.md: the table of faults.</summary>
internal static class IgvmDocument
{
    public const string Begin = "<!-- generated: faults -->\n";
    public const string End = "<!-- end of generated -->\n";

    private static readonly (string Title, int First)[] Groups =
    [
        ("Frame", 100), ("Platforms and masks", 200), ("Initialization", 300), ("Memory", 400), ("VP contexts and ID blocks", 500), ("Limits", 600),
    ];

    public static string Faults()
    {
        StringBuilder text = new();
        foreach ((string title, int first) in Groups)
        {
            text.Append($"\n### {title}\n\n| Fault | Class | Rule |\n|---|---|---|\n");
            foreach (IgvmRule rule in IgvmFaults.All.Where(r => (int)r.Id >= first && (int)r.Id < first + 100))
            {
                text.Append($"| `{rule.Id.WireName()}` | {Class(rule.Severity)} | {rule.Text} |\n");
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Class(IgvmSeverity severity) => severity switch
    {
        IgvmSeverity.Refused => "R",
        IgvmSeverity.Crashing => "P!",
        IgvmSeverity.Strict => "S",
        IgvmSeverity.Padding => "S, padding",
        _ => "limit",
    };
}
