using SevSnp.Certificates;

namespace Verifier.Client.Views;

/// <summary>A certificate or list of a bundle.</summary>
internal sealed record KdsBundleEntryView(string Entry, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>Number of a revocation list.</summary>
    public string? Number { get; init; }
}

/// <summary>An entry that does not hold.</summary>
internal sealed record KdsBundleFindingView(string Entry, string Fault, bool IsExpired);

/// <summary>A bundle, what was found wrong with it (null: not verified), and what could not be fetched.</summary>
internal sealed record KdsBundleView(IReadOnlyList<KdsBundleEntryView> Entries, IReadOnlyList<KdsBundleFindingView>? Findings)
{
    public IReadOnlyList<string>? Missing { get; init; }

    public static KdsBundleView Of(KdsBundle bundle, IReadOnlyList<KdsBundleFinding>? findings) => new(
        [
            .. bundle.Certificates.Select(c => new KdsBundleEntryView(KdsBundle.Describe(c), c.NotBefore, c.NotAfter)),
            .. bundle.RevocationLists.Select(l => new KdsBundleEntryView(KdsBundle.Describe(l), l.ThisUpdate, l.NextUpdate) { Number = l.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) }),
        ],
        findings is null ? null : [.. findings.Select(f => new KdsBundleFindingView(f.Entry, f.Fault, f.IsExpired))]);
}
