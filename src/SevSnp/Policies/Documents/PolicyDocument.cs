using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using SevSnp.Primitives;

namespace SevSnp.Policies.Documents;

/// <summary>
/// A policy as a JSON document (docs/policies.md): strict, bounded, and with one canonical form, whose SHA-256 tells a policy from
/// every other. The name of a policy is no part of its document.
/// </summary>
public static class PolicyDocument
{
    /// <summary>Most bytes of a document.</summary>
    public const int MaxSize = 256 * 1024;

    /// <summary>The version of the format, which the member <c>v</c> states.</summary>
    public const int FormatVersion = 1;

    private const int MaxDepth = 8;

    // A policy never changes, so its hash is made once. Not a member: a copy with other values would carry it along.
    private static readonly ConditionalWeakTable<AppraisalPolicy, HexBytes> Hashes = [];

    /// <summary>Reads a document.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="policy">The policy, with no name of its own yet.</param>
    /// <param name="faults">What is wrong, at most 16; empty when the document was read.</param>
    /// <returns>True when every rule of the format holds.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out AppraisalPolicy? policy, out IReadOnlyList<PolicyFault> faults)
    {
        policy = null;
        if (json.Length > MaxSize)
        {
            faults = [new PolicyFault("", $"must be at most {MaxSize} bytes long, is {json.Length}")];
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            DocumentFaults sink = new();
            AppraisalPolicy read = PolicyReader.Read(new DocumentNode(document.RootElement, "", sink));
            faults = sink.Items;
            policy = faults.Count == 0 ? read : null;
            return policy is not null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is how the platform tells of text with half a surrogate pair.
            faults = [new PolicyFault("", "is no well-formed JSON document with each member once and a depth of at most 8")];
            return false;
        }
    }

    /// <summary>Writes the canonical document: members in a fixed order, sets sorted, no white space, inherited defaults written out.</summary>
    /// <param name="policy">The policy.</param>
    /// <returns>UTF-8.</returns>
    public static byte[] Write(AppraisalPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes))
        {
            PolicyWriter.Write(writer, policy);
        }

        return bytes.ToArray();
    }

    /// <summary>SHA-256 of the canonical document.</summary>
    /// <param name="policy">The policy.</param>
    /// <returns>32 bytes.</returns>
    public static HexBytes Sha256(AppraisalPolicy policy) =>
        Hashes.GetValue(policy, static p => new HexBytes(SHA256.HashData(Write(p))));
}
