using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SevSnp.Policies.Documents;
using SevSnp.Verification;

namespace SevSnp.Advisories;

/// <summary>AMD's security bulletins as this library knows them, from a data file (docs/advisories.md). Never changes.</summary>
public sealed class AdvisoryList
{
    /// <summary>Most bytes of a data file.</summary>
    public const int MaxSize = 256 * 1024;

    private const int MaxDepth = 8;
    private const string Resource = "SevSnp.Advisories.advisories.json";

    private static readonly Lazy<AdvisoryList> Shipped = new(ReadResource);

    internal AdvisoryList(DateOnly date, IReadOnlyList<Advisory> advisories)
    {
        Date = date;
        All = advisories;
    }

    /// <summary>The list that the library comes with.</summary>
    public static AdvisoryList BuiltIn => Shipped.Value;

    /// <summary>When the list was last changed.</summary>
    public DateOnly Date { get; }

    /// <summary>Every bulletin, in the order of the ids.</summary>
    public IReadOnlyList<Advisory> All { get; }

    /// <summary>Reads a data file.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="list">The list.</param>
    /// <param name="faults">What is wrong, at most 16; empty when the file was read.</param>
    /// <returns>True when every rule of the format holds.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out AdvisoryList? list, out IReadOnlyList<PolicyFault> faults)
    {
        list = null;
        if (json.Length > MaxSize)
        {
            faults = [new PolicyFault("", $"must be at most {MaxSize} bytes long, is {json.Length}")];
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            DocumentFaults sink = new();
            AdvisoryList? read = AdvisoryReader.Read(new DocumentNode(document.RootElement, "", sink));
            faults = sink.Items;
            list = faults.Count == 0 ? read : null;
            return list is not null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            faults = [new PolicyFault("", "is no well-formed JSON document with each member once and a depth of at most 8")];
            return false;
        }
    }

    /// <summary>The bulletin with an id, or null.</summary>
    /// <param name="id">AMD's number.</param>
    /// <returns>The bulletin.</returns>
    public Advisory? Find(string id) => All.FirstOrDefault(a => string.Equals(a.Id, id, StringComparison.Ordinal));

    /// <summary>What a verified report says of each bulletin. Pure.</summary>
    /// <param name="report">The report.</param>
    /// <returns>One finding per bulletin, in the order of the list.</returns>
    public IReadOnlyList<AdvisoryFinding> Evaluate(VerifiedReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return [.. All.Select(advisory => AdvisoryRules.Evaluate(advisory, report))];
    }

    private static AdvisoryList ReadResource()
    {
        using Stream stream = typeof(AdvisoryList).Assembly.GetManifestResourceStream(Resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return TryRead(bytes, out AdvisoryList? list, out IReadOnlyList<PolicyFault> faults)
            ? list
            : throw new InvalidDataException($"{Resource}: {string.Join("; ", faults)}");
    }
}
