using System.Text.Json;
using System.Text.Json.Serialization;
using SevSnp.Primitives;
using Verifier.Service.Documents;

namespace Verifier.Service.Registry.Lifts;

/// <summary>Requests as the content of a document: what was asked, and who approved it.</summary>
internal static class LiftCodec
{
    private const int CurrentVersion = 1;

    public static byte[] Encode(Digest384 measurement, string reason, string requester, string approver) => JsonSerializer.SerializeToUtf8Bytes(
        new LiftDocument { V = CurrentVersion, Digest = measurement.ToString(), Reason = reason, Requester = requester, Approver = approver }, LiftJson.Default.LiftDocument);

    /// <exception cref="StoreUnfitException">It is damaged, or of a newer version of the service.</exception>
    public static LiftRequest Decode(StoredDocument document)
    {
        try
        {
            if (JsonSerializer.Deserialize(document.Content.Span, LiftJson.Default.LiftDocument) is { V: CurrentVersion } d && Digest384.TryParse(d.Digest, out Digest384 digest))
            {
                return new LiftRequest(document.Tenant, document.Id, digest, d.Reason, d.Requester, d.Approver, document.CreateTime, document.Etag);
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new StoreUnfitException($"The stored request '{document.Id}' of tenant '{document.Tenant}' to lift a revocation cannot be used: it is damaged, or was written by a newer version of this service.");
    }
}

/// <summary>The content of the document.</summary>
internal sealed record LiftDocument
{
    public required int V { get; init; }

    public required string Digest { get; init; }

    public required string Reason { get; init; }

    public required string Requester { get; init; }

    /// <summary>Empty until it is approved.</summary>
    public required string Approver { get; init; }
}

/// <summary>Strict JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LiftDocument))]
internal sealed partial class LiftJson : JsonSerializerContext;
