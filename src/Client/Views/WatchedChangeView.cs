using System.Text.Json;
using System.Text.Json.Serialization;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Views;

/// <summary>A change of a reference value; <c>index</c> is what <c>--after</c> goes on after.</summary>
internal sealed record WatchedChangeView(long Index, string Action, DateTimeOffset? Time, string? Actor, ReferenceValueView ReferenceValue)
{
    // One change to a line: what reads it need not know where one ends.
    private static readonly ViewJson OneLine = new(new JsonSerializerOptions(ViewJson.Default.Options) { WriteIndented = false });

    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public string ToJson() => JsonSerializer.Serialize(this, OneLine.WatchedChangeView);

    public static WatchedChangeView Of(long index, V1.WatchReferenceValuesResponse.Types.Change change) => new(
        index, change.Action, ServiceViews.Time(change.Time), ServiceViews.Text(change.Actor), ReferenceValueView.Of(change.ReferenceValue));
}
