using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Verifier.Service.Documents;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Codec;

/// <summary>Documents to their stored form and back, as <see cref="RecordCodec"/> does it for reference values.</summary>
internal static class DocumentCodec
{
    public static byte[] Encode(KeptDocument kept) => JsonSerializer.SerializeToUtf8Bytes(ToRecord(kept), StoreJson.Default.DocumentRecord);

    public static KeptDocument Decode(ReadOnlySpan<byte> bytes, string tenant, DocumentKind kind, string id)
    {
        string what = $"document {DocumentNames.Resource(kind, id)} of tenant '{tenant}'";
        KeptDocument kept = RecordCodec.Decode(bytes, StoreJson.Default.DocumentRecord, FromRecord, what);
        StoredDocument document = kept.Document;
        return document.Tenant == tenant && document.Kind == kind && document.Id == id
            ? kept with { Document = document with { Form = StoredForm.Of(bytes) } }
            : throw RecordCodec.Unfit(what, "it is kept under another name than its own");
    }

    /// <summary>As <see cref="Decode"/>, for one version among those that are kept.</summary>
    public static KeptDocument DecodeVersion(ReadOnlySpan<byte> bytes, string tenant, DocumentKind kind, string id, long version)
    {
        KeptDocument kept = Decode(bytes, tenant, kind, id);
        return kept.Document.Version == version
            ? kept
            : throw RecordCodec.Unfit($"document {DocumentNames.Resource(kind, id)} of tenant '{tenant}'", $"version {version} is kept as another");
    }

    /// <summary>See <see cref="RecordCodec.WithNextEtag"/>.</summary>
    public static KeptDocument WithNextEtag(KeptDocument kept) => kept with
    {
        Document = kept.Document with { Etag = Convert.ToHexStringLower(SHA256.HashData(Encode(kept)).AsSpan(0, 16)) },
    };

    public static DocumentRecord ToRecord(KeptDocument kept)
    {
        StoredDocument document = kept.Document;
        return new()
        {
            V = DocumentRecord.CurrentVersion,
            Tenant = document.Tenant,
            Kind = document.Kind,
            Id = document.Id,
            Version = document.Version,
            Deleted = kept.Deleted ? true : null,
            Author = document.Author,
            CreateTime = document.CreateTime.ToUniversalTime(),
            UpdateTime = document.UpdateTime.ToUniversalTime(),
            Etag = document.Etag,
            Content = kept.Deleted ? null : Parse(document.Content),
        };
    }

    public static KeptDocument FromRecord(DocumentRecord r)
    {
        bool deleted = r.Deleted == true;
        if (r.V != DocumentRecord.CurrentVersion || r.Kind == DocumentKind.Unspecified || r.Version < 1 || r.Content is null != deleted)
        {
            throw new FormatException("A document has a known format version, a kind, a version from 1 on, and content unless it is deleted.");
        }

        byte[] content = r.Content is { } json ? Encoding.UTF8.GetBytes(json.GetRawText()) : [];
        return new(new StoredDocument(r.Tenant, r.Kind, r.Id, r.Version, content, r.Author, r.CreateTime, r.UpdateTime, r.Etag), deleted);
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> content)
    {
        using JsonDocument document = JsonDocument.Parse(content);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.Clone()
            : throw new ArgumentException("The content of a document is a JSON object.", nameof(content));
    }
}
