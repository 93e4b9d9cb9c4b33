using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;

namespace Verifier.Service.Storage.Codec;

/// <summary>
/// Stored bytes to values and back. What is read must say of itself what its key says of it; whatever is not understood completely is
/// a <see cref="StoreUnfitException"/> that names the record, never a guess and never "not there".
/// </summary>
internal static class RecordCodec
{
    public static byte[] Encode(StoredReferenceValue value) =>
        JsonSerializer.SerializeToUtf8Bytes(RecordMapping.ToDocument(value), StoreJson.Default.RecordDocument);

    public static byte[] Encode(Tombstone tombstone) =>
        JsonSerializer.SerializeToUtf8Bytes(RecordMapping.ToDocument(tombstone), StoreJson.Default.TombstoneDocument);

    public static byte[] Encode(string fingerprint, StoredReferenceValue answer) => JsonSerializer.SerializeToUtf8Bytes(
        new RequestDocument { V = RecordDocument.CurrentVersion, Fingerprint = fingerprint, Answer = RecordMapping.ToDocument(answer) },
        StoreJson.Default.RequestDocument);

    public static byte[] Encode(string fingerprint, StoredDocument answer) => JsonSerializer.SerializeToUtf8Bytes(
        new RequestDocument { V = RecordDocument.CurrentVersion, Fingerprint = fingerprint, Document = DocumentCodec.ToRecord(new(answer, Deleted: false)) },
        StoreJson.Default.RequestDocument);

    public static StoredReferenceValue DecodeValue(ReadOnlySpan<byte> bytes, string tenant, string id)
    {
        string what = $"reference value '{id}' of tenant '{tenant}'";
        StoredReferenceValue value = Decode(bytes, StoreJson.Default.RecordDocument, RecordMapping.FromDocument, what) with { Form = StoredForm.Of(bytes) };
        return value.Tenant == tenant && value.Id == id ? value : throw Unfit(what, "it is kept under another name than its own");
    }

    /// <summary>As <see cref="DecodeValue(ReadOnlySpan{byte}, string, string)"/>, for a value that the index of measurements led to.</summary>
    public static StoredReferenceValue DecodeValue(ReadOnlySpan<byte> bytes, string tenant, string id, Digest384 measurement)
    {
        StoredReferenceValue value = DecodeValue(bytes, tenant, id);
        return value.Value.Measurements.Any(m => m.Digest == measurement)
            ? value
            : throw Unfit($"reference value '{id}' of tenant '{tenant}'", $"the index leads to it from measurement {measurement}, which it does not have");
    }

    /// <summary>As <see cref="DecodeValue(ReadOnlySpan{byte}, string, string)"/>, for a value that the index of signers led to.</summary>
    public static StoredReferenceValue DecodeSigned(ReadOnlySpan<byte> bytes, string tenant, string id, IReadOnlyList<Digest384> signers)
    {
        StoredReferenceValue value = DecodeValue(bytes, tenant, id);
        return value.Signers.Intersect(signers).Any()
            ? value
            : throw Unfit($"reference value '{id}' of tenant '{tenant}'", "the index leads to it from a signer that it does not accept by");
    }

    public static Tombstone DecodeTombstone(ReadOnlySpan<byte> bytes, string tenant, Digest384 measurement)
    {
        string what = $"tombstone of measurement {measurement} of tenant '{tenant}'";
        Tombstone tombstone = Decode(bytes, StoreJson.Default.TombstoneDocument, RecordMapping.FromDocument, what);
        return tombstone.Measurement == measurement ? tombstone : throw Unfit(what, "it is kept under another measurement than its own");
    }

    public static byte[] EncodeNear(string id, NearVariant variant) =>
        JsonSerializer.SerializeToUtf8Bytes(RecordMapping.ToDocument(id, variant), StoreJson.Default.NearDocument);

    public static StoredNear DecodeNear(ReadOnlySpan<byte> bytes, string tenant, Digest384 measurement)
    {
        string what = $"near variant {measurement} of tenant '{tenant}'";
        StoredNear near = Decode(bytes, StoreJson.Default.NearDocument, RecordMapping.FromDocument, what);
        return near.Variant.Digest == measurement ? near : throw Unfit(what, "it is kept under another measurement than its own");
    }

    /// <summary>As above, of whatever measurement it is.</summary>
    public static StoredNear DecodeNear(ReadOnlySpan<byte> bytes, string tenant) =>
        Decode(bytes, StoreJson.Default.NearDocument, RecordMapping.FromDocument, $"near variant of tenant '{tenant}'");

    public static RecordedAnswer DecodeRequest(ReadOnlySpan<byte> bytes, string tenant, string requestId) =>
        Decode(bytes, StoreJson.Default.RequestDocument, Parts, $"answer to request '{requestId}' of tenant '{tenant}'");

    /// <summary>
    /// The etag of a value about to be stored: a hash over its new content and the etag it had before, so that it changes with every
    /// change, even one that leads back to an earlier content.
    /// </summary>
    public static StoredReferenceValue WithNextEtag(StoredReferenceValue value) =>
        value with { Etag = Convert.ToHexStringLower(SHA256.HashData(Encode(value)).AsSpan(0, 16)) };

    public static StoreUnfitException Unfit(string what, string why, Exception? inner = null) =>
        new($"The stored {what} cannot be used: {why}. Restore it from a backup, or remove it if it was not written by this service.", inner);

    private static RecordedAnswer Parts(RequestDocument d)
    {
        RecordMapping.RequireVersion(d.V);
        return d.Answer is null != d.Document is null
            ? new(d.Fingerprint, d.Answer is { } value ? RecordMapping.FromDocument(value) : null, d.Document is { } document ? DocumentCodec.FromRecord(document).Document : null)
            : throw new FormatException("An answer is a reference value or a document.");
    }

    public static TValue Decode<TDocument, TValue>(ReadOnlySpan<byte> bytes, JsonTypeInfo<TDocument> type, Func<TDocument, TValue> map, string what)
    {
        try
        {
            return map(JsonSerializer.Deserialize(bytes, type) ?? throw new FormatException("It is null."));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            // The last is said of text that is not UTF-8.
            throw Unfit(what, "it is damaged, or was written by a newer version of this service", e);
        }
    }
}
