namespace Verifier.Client.Policies;

/// <summary>Where a member stands in a file, counted from 1.</summary>
internal readonly record struct TextPlace(long Line, long Column);

/// <summary>What is wrong with a YAML file, and where.</summary>
internal sealed class YamlFault(TextPlace place, string rule) : Exception(rule)
{
    public TextPlace Place { get; } = place;
}

/// <summary>A document, and where in its file each member stands.</summary>
/// <param name="Json">The document in JSON, without the member that was put aside.</param>
/// <param name="Aside">The text of that member; null when there is none.</param>
/// <param name="Places">Where the members stand, by path.</param>
internal sealed record YamlText(ReadOnlyMemory<byte> Json, string? Aside, IReadOnlyDictionary<string, TextPlace> Places)
{
    /// <summary>The place of a member, or of the nearest one around it.</summary>
    public TextPlace PlaceOf(string path)
    {
        TextPlace place;
        while (!Places.TryGetValue(path, out place) && path.Length > 0)
        {
            int end = Math.Max(path.LastIndexOf('.'), path.LastIndexOf('['));
            path = end < 0 ? "" : path[..end];
        }

        return place;
    }
}
