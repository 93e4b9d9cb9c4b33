using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Verifier.Ledger;

/// <summary>
/// What a writer keeps of a log: its signed head, and the frontier with which the next entry can be appended. Its bytes are UTF-8 JSON
/// of one form only, so that two heads are equal exactly when their bytes are.
/// </summary>
public sealed class StoredHead
{
    private const int CurrentVersion = 1;
    private const int MaxLength = 16 * 1024;

    private StoredHead(SignedTreeHead head, TreeFrontier frontier) => (SignedHead, Frontier) = (head, frontier);

    /// <summary>The head with its signature, which reading does not check.</summary>
    public SignedTreeHead SignedHead { get; }

    /// <summary>The frontier, whose root is that of the head.</summary>
    public TreeFrontier Frontier { get; }

    /// <summary>Signs the head of a tree as it stands.</summary>
    /// <param name="signer">The key.</param>
    /// <param name="tenant">Name of the tenant.</param>
    /// <param name="frontier">The tree.</param>
    /// <param name="time">When the head is made.</param>
    /// <returns>The head to be kept.</returns>
    public static StoredHead Sign(HeadSigner signer, string tenant, TreeFrontier frontier, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(frontier);
        return new StoredHead(signer.Sign(new TreeHead(tenant, frontier.Size, frontier.Root, time)), frontier);
    }

    /// <summary>Reads a stored head; whatever <see cref="Encode"/> would write differently is refused. The signature is not checked.</summary>
    /// <param name="bytes">The stored bytes.</param>
    /// <param name="head">The head, or null when refused.</param>
    /// <returns>False when the bytes are not of the one form, or the frontier does not fold to the signed root.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out StoredHead? head)
    {
        head = null;
        if (bytes.Length > MaxLength)
        {
            return false;
        }

        try
        {
            StoredHead? read = Read(bytes);
            head = read is not null && bytes.SequenceEqual(read.Encode()) ? read : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            head = null;
        }

        return head is not null;
    }

    /// <summary>The bytes to be stored: UTF-8 JSON.</summary>
    /// <returns>A new array.</returns>
    public byte[] Encode()
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using Utf8JsonWriter json = new(buffer);
        json.WriteStartObject();
        json.WriteNumber("v"u8, CurrentVersion);
        json.WriteString("tenant"u8, SignedHead.Head.Tenant);
        json.WriteNumber("size"u8, SignedHead.Head.Size);
        json.WriteString("root"u8, SignedHead.Head.Root.ToString());
        json.WriteNumber("time"u8, SignedHead.Head.Time.ToUnixTimeMilliseconds());
        json.WriteString("key"u8, SignedHead.KeyId);
        json.WriteBase64String("signature"u8, SignedHead.Signature.Span);
        json.WriteStartArray("frontier"u8);
        foreach (TreeHash hash in Frontier.Hashes)
        {
            json.WriteStringValue(hash.ToString());
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static StoredHead? Read(ReadOnlySpan<byte> bytes)
    {
        MemberReader json = new(bytes);
        json.Begin();
        if (json.Int64("v"u8) != CurrentVersion)
        {
            return null;
        }

        string tenant = json.Text("tenant"u8);
        long size = json.Int64("size"u8);
        string rootText = json.Text("root"u8);
        long time = json.Int64("time"u8);
        string key = json.Text("key"u8);
        string signatureText = json.Text("signature"u8);
        List<TreeHash> hashes = [];
        foreach (string text in json.Texts("frontier"u8, 63))
        {
            hashes.Add(TreeHash.TryParse(text, out TreeHash hash) ? hash : throw new FormatException("Not a hash."));
        }

        json.End();
        byte[] signature = Convert.FromBase64String(signatureText);
        bool possible = TreeHead.IsPossible(tenant, size, time) && LogKeys.IsId(key) && signature.Length == SignedTreeHead.SignatureLength;
        if (!possible || !TreeHash.TryParse(rootText, out TreeHash root) || !TreeFrontier.TryCreate(size, hashes, out TreeFrontier? frontier) || frontier.Root != root)
        {
            return null;
        }

        return new StoredHead(new SignedTreeHead(new TreeHead(tenant, size, root, DateTimeOffset.FromUnixTimeMilliseconds(time)), key, signature), frontier);
    }
}
