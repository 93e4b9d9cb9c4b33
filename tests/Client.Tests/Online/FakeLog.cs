using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Verifier.Ledger;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

/// <summary>A log as a service keeps it, honest until a test spoils something of it.</summary>
internal sealed class FakeLog : V1.LogService.LogServiceBase
{
    public const string Measurement = "abababababababababababababababababababababababababababababababababababababababababababababababab";

    private readonly List<byte[]> _entries = [];

    public ECDsa Key { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>What is stored: resource to bytes.</summary>
    public SortedDictionary<string, byte[]> Stored { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Tombstones { get; } = [];

    /// <summary>Entries as they are sent, where they differ from those that the head covers.</summary>
    public Dictionary<int, byte[]> Forged { get; } = [];

    /// <summary>Spoils a head before it is sent.</summary>
    public Action<V1.TreeHead>? Spoil { get; set; }

    public int Size => _entries.Count;

    public static byte[] Record(string state, string measurement = Measurement) => Encoding.UTF8.GetBytes($"{{\"v\":1,\"state\":\"{state}\",\"measurements\":[{{\"digest\":\"{measurement}\"}}]}}");

    public void Register(string id, string state = "active", string measurement = Measurement) => Change($"referenceValues/{id}", Record(state, measurement));

    public void Change(string resource, byte[] after, params string[] revoked)
    {
        Stored.TryGetValue(resource, out byte[]? before);
        LogEntry entry = new()
        {
            Tenant = "default",
            At = Cli.Now,
            Action = before is null ? "create" : "change",
            Resource = resource,
            Actor = new EntryActor("ci", "issuer", "subject", new Dictionary<string, string>()),
            Before = before,
            After = after,
            Revoked = revoked,
        };
        _entries.Add(entry.Encode());
        Stored[resource] = after;
        Tombstones.UnionWith(revoked);
    }

    public void CutTo(int size) => _entries.RemoveRange(size, _entries.Count - size);

    public V1.EntryProof Prove(int index)
    {
        V1.InclusionProof inclusion = new() { LeafIndex = index, TreeSize = Size };
        inclusion.Hashes.AddRange(Tree().ProveInclusion(index, Size).Hashes.Select(Bytes));
        return new V1.EntryProof { Entry = ByteString.CopyFrom(_entries[index]), Inclusion = inclusion, Head = Head() };
    }

    public V1.TreeHead Head()
    {
        V1.TreeHead head = new() { Tenant = "default", Size = Size, Root = Bytes(Tree().Root) };
        if (Size > 0)
        {
            SignedTreeHead signed = new HeadSigner(Key).Sign(new TreeHead("default", Size, Tree().Root, Cli.Now));
            head.Time = Timestamp.FromDateTimeOffset(Cli.Now);
            (head.KeyId, head.Signature, head.PublicKey) = (signed.KeyId, ByteString.CopyFrom(signed.Signature.Span), ByteString.CopyFrom(Key.ExportSubjectPublicKeyInfo()));
        }

        Spoil?.Invoke(head);
        return head;
    }

    public override Task<V1.GetTreeHeadResponse> GetTreeHead(V1.GetTreeHeadRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.GetTreeHeadResponse { Head = Head() });

    public override Task<V1.GetConsistencyProofResponse> GetConsistencyProof(V1.GetConsistencyProofRequest request, ServerCallContext context)
    {
        V1.ConsistencyProof proof = new() { OldSize = request.OldSize, NewSize = request.NewSize };
        proof.Hashes.AddRange(Tree().ProveConsistency(request.OldSize, request.NewSize).Hashes.Select(Bytes));
        return Task.FromResult(new V1.GetConsistencyProofResponse { Proof = proof, Head = Head() });
    }

    public override Task<V1.ListChangesResponse> ListChanges(V1.ListChangesRequest request, ServerCallContext context)
    {
        V1.ListChangesResponse page = new() { Size = Size };
        int first = (int)request.FirstIndex, end = Math.Min(Size, first + Math.Min(request.PageSize, 2));
        for (int i = first; i < end; i++)
        {
            page.Entries.Add(new V1.ListChangesResponse.Types.Entry { Index = i, Data = ByteString.CopyFrom(Forged.GetValueOrDefault(i, _entries[i])) });
        }

        page.NextIndex = end;
        return Task.FromResult(page);
    }

    public override Task<V1.ListStoredResourcesResponse> ListStoredResources(V1.ListStoredResourcesRequest request, ServerCallContext context)
    {
        V1.ListStoredResourcesResponse page = new();
        string prefix = request.Collection + "/";
        foreach ((string name, byte[] bytes) in Stored.Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(s.Key[prefix.Length..], request.AfterId) > 0).Take(2))
        {
            page.Resources.Add(new V1.ListStoredResourcesResponse.Types.Resource { Id = name[prefix.Length..], Sha256 = ByteString.CopyFrom(SHA256.HashData(bytes)) });
        }

        return Task.FromResult(page);
    }

    public override Task<V1.CheckTombstonesResponse> CheckTombstones(V1.CheckTombstonesRequest request, ServerCallContext context)
    {
        V1.CheckTombstonesResponse answer = new() { Count = Tombstones.Count };
        answer.Present.AddRange(request.Measurements.Select(m => Tombstones.Contains(Convert.ToHexStringLower(m.Span))));
        return Task.FromResult(answer);
    }

    private MerkleTree Tree()
    {
        MerkleTree tree = new();
        _entries.ForEach(e => tree.Append(TreeHashing.Leaf(e)));
        return tree;
    }

    private static ByteString Bytes(TreeHash hash) => ByteString.CopyFrom(hash.ToArray());
}
