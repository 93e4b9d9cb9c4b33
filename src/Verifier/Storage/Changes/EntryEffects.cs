using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Ledger;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Changes;

/// <summary>What a change left stored, beside its entry: what writing it anew writes again, byte for byte.</summary>
/// <param name="Body">The resource as it is stored.</param>
/// <param name="Value">The reference value, where it is one.</param>
/// <param name="Document">The document, where it is one.</param>
/// <param name="Tombstones">What was revoked, where nothing stood yet.</param>
/// <param name="Lifted">Whose tombstones were taken away.</param>
internal sealed record EntryEffects(
    byte[] Body, StoredReferenceValue? Value, StoredDocument? Document, IReadOnlyList<Tombstone> Tombstones, IReadOnlyList<Digest384> Lifted)
{
    private static readonly string[] Collections = ["referenceValues", .. Enum.GetValues<DocumentKind>().Where(k => k != DocumentKind.Unspecified).Select(DocumentNames.Collection)];

    /// <exception cref="StoreUnfitException">It is not understood.</exception>
    public static EntryEffects Of(LogEntry entry)
    {
        byte[] body = entry.After.ToArray();
        if (entry.Resource.Split('/') is not [var collection, var id] || !Collections.Contains(collection) || !ReferenceNames.IsId(id) || body.Length == 0)
        {
            throw Unfit(entry);
        }

        Digest384[] revoked = Digests(entry, entry.Revoked), lifted = Digests(entry, entry.Lifted);
        if (DocumentNames.KindOf(collection) is { } kind)
        {
            return revoked.Length == 0 && lifted.Length <= 1
                ? new EntryEffects(body, null, DocumentCodec.Decode(body, entry.Tenant, kind, id).Document, [], lifted)
                : throw Unfit(entry);
        }

        StoredReferenceValue value = RecordCodec.DecodeValue(body, entry.Tenant, id);
        return lifted.Length == 0
            ? new EntryEffects(body, value, null, [.. revoked.Select(d => new Tombstone(d, entry.Reason ?? "", value.Value.Name, entry.At))], [])
            : throw Unfit(entry);
    }

    private static Digest384[] Digests(LogEntry entry, IReadOnlyList<string> hex) =>
        [.. hex.Select(h => Digest384.TryParse(h, out Digest384 digest) ? digest : throw Unfit(entry))];

    private static StoreUnfitException Unfit(LogEntry entry) =>
        RecordCodec.Unfit($"log of tenant '{entry.Tenant}'", $"an entry for {entry.Resource} is not understood by this version of the service");
}
