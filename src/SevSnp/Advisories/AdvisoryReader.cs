using System.Globalization;
using SevSnp.Launch;
using SevSnp.Policies.Documents;

namespace SevSnp.Advisories;

/// <summary>The list of bulletins, from its data file. The schema beside the file says the same for editors.</summary>
internal static class AdvisoryReader
{
    private const int MostAdvisories = 256;
    private const int MostRequirements = 64;
    private const int LongestId = 32;
    private const int LongestText = 1000;

    public static AdvisoryList? Read(DocumentNode root)
    {
        IReadOnlyDictionary<string, DocumentNode> members = root.Members("$schema", "v", "date", "advisories");
        if (!Has(root, members, "v", "date", "advisories") || members["v"].Number(1, 1) is null)
        {
            return null;
        }

        List<Advisory> advisories = [];
        foreach (DocumentNode item in members["advisories"].Items(0, MostAdvisories) ?? [])
        {
            if (Entry(item) is not { } advisory)
            {
                continue;
            }

            if (advisories.Count > 0 && string.CompareOrdinal(advisories[^1].Id, advisory.Id) >= 0)
            {
                item.Fail<Advisory>("must stand behind all smaller ids, each id once");
            }

            advisories.Add(advisory);
        }

        return new AdvisoryList(Date(members["date"]), advisories);
    }

    private static Advisory? Entry(DocumentNode node)
    {
        IReadOnlyDictionary<string, DocumentNode> members =
            node.Members("id", "name", "title", "cves", "active", "requirements", "sources", "date", "note");
        if (!Has(node, members, "id", "title", "cves", "active", "requirements", "sources", "date", "note"))
        {
            return null;
        }

        bool isActive = members["active"].Flag() ?? false;
        Advisory advisory = new(
            members["id"].Text(LongestId, t => t.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '-'), "of [A-Z0-9-]") ?? "",
            members.TryGetValue("name", out DocumentNode name) ? name.Text(LongestId) ?? "" : "",
            members["title"].Text(LongestText) ?? "",
            Texts(members["cves"], 0),
            isActive,
            [.. (members["requirements"].Items(0, MostRequirements) ?? []).Select(Requirement).OfType<AdvisoryRequirement>()],
            Texts(members["sources"], 1),
            Date(members["date"]),
            members["note"].Text(LongestText) ?? "");
        if (isActive != advisory.Requirements.Count > 0)
        {
            members["requirements"].Fail<Advisory>(isActive ? "must not be empty where the entry is active" : "must be empty until the entry is active: what is not confirmed is not judged");
        }

        return advisory;
    }

    private static AdvisoryRequirement? Requirement(DocumentNode node)
    {
        IReadOnlyDictionary<string, DocumentNode> members = node.Members("product", "cpu", "tcb", "platform_info", "mitigations");
        if (!Has(node, members, "product") || Words<ProductLine>.Read(members["product"]) is not { } product)
        {
            return null;
        }

        AdvisoryRequirement requirement = new(
            product,
            At("cpu") is { } cpu ? FloorReader.Cpu(cpu, product) : null,
            At("tcb") is { } tcb ? FloorReader.Version(tcb, product.TcbLayout()) : null,
            (PlatformInfoBits)(At("platform_info") is { } bits ? BitWords.Read<PlatformInfoBits>(bits, allowUnnamed: false) : 0),
            At("mitigations") is { } mask ? BitWords.Mask(mask) ?? 0 : 0);
        return requirement is { Tcb: null, PlatformInfo: PlatformInfoBits.None, Mitigations: 0 }
            ? node.Fail<AdvisoryRequirement>("must ask for something: tcb, platform_info or mitigations")
            : requirement;

        DocumentNode? At(string name) => members.TryGetValue(name, out DocumentNode part) ? part : null;
    }

    private static bool Has(DocumentNode node, IReadOnlyDictionary<string, DocumentNode> members, params ReadOnlySpan<string> required)
    {
        bool hasAll = true;
        foreach (string name in required)
        {
            if (!members.ContainsKey(name))
            {
                hasAll = node.Fail<bool>($"must state {name}");
            }
        }

        return hasAll;
    }

    private static string[] Texts(DocumentNode node, int least) => [.. (node.Items(least, MostRequirements) ?? []).Select(n => n.Text(LongestText)).OfType<string>()];

    private static DateOnly Date(DocumentNode node) => node.String() is not { } text
        ? default
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : node.Fail<DateOnly>("must be a date such as 2026-11-26");
}
