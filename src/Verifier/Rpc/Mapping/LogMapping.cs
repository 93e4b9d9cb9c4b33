using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Verifier.Ledger;
using Verifier.Service.Log;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>A question for entries.</summary>
internal sealed record ChangesQuery(string Tenant, long First, int Count, string? Resource);

/// <summary>Heads, proofs and entries, to the wire; and the questions for them.</summary>
internal sealed class LogMapping(LogKeySource keys)
{
    private const int DefaultPage = 100;
    private const int MaxPage = 1000;

    public static string Tenant(string parent)
    {
        FieldViolations violations = new();
        string tenant = NameMapping.Parent(violations.Root.Field("parent"), parent);
        return Known(violations, tenant);
    }

    public static (string Tenant, long Index) Read(Proto.GetInclusionProofRequest request)
    {
        FieldViolations violations = new();
        string tenant = NameMapping.Parent(violations.Root.Field("parent"), request.Parent);
        NotNegative(violations.Root.Field("leaf_index"), request.LeafIndex);
        return (Known(violations, tenant), request.LeafIndex);
    }

    public static (string Tenant, long Size, long Later) Read(Proto.GetConsistencyProofRequest request)
    {
        FieldViolations violations = new();
        string tenant = NameMapping.Parent(violations.Root.Field("parent"), request.Parent);
        NotNegative(violations.Root.Field("old_size"), request.OldSize);
        NotNegative(violations.Root.Field("new_size"), request.NewSize);
        return (Known(violations, tenant), request.OldSize, request.NewSize);
    }

    public static ChangesQuery Read(Proto.ListChangesRequest request)
    {
        FieldViolations violations = new();
        FieldPath root = violations.Root;
        string tenant = NameMapping.Parent(root.Field("parent"), request.Parent);
        NotNegative(root.Field("first_index"), request.FirstIndex);
        if (request.PageSize is < 0 or > MaxPage)
        {
            root.Field("page_size").Fail(ViolationReasons.OutOfRange, $"must be 0 to {MaxPage}");
        }

        if (request.Resource.Length > 127)
        {
            root.Field("resource").Fail(ViolationReasons.WrongFormat, "must be COLLECTION/ID, such as referenceValues/my-release");
        }

        return new ChangesQuery(Known(violations, tenant), request.FirstIndex, request.PageSize == 0 ? DefaultPage : request.PageSize, request.Resource.Length == 0 ? null : request.Resource);
    }

    public static RpcException NoEntry(string tenant, long index) =>
        RpcErrors.NotFound(ErrorReasons.EntryNotFound, "the log has no such entry", "entry", $"tenants/{tenant}/entries/{index}");

    public static RpcException NeverSoLong(string tenant, long size) => RpcErrors.Precondition(
        ErrorReasons.LogShorter, "the log has fewer entries than that; whoever saw so many has seen another history", $"tenants/{tenant}", ("old_size", $"{size}"));

    public static Proto.ConsistencyProof ToProto(ConsistencyProof proof)
    {
        Proto.ConsistencyProof result = new() { OldSize = proof.OldSize, NewSize = proof.NewSize };
        result.Hashes.AddRange(proof.Hashes.Select(ToProto));
        return result;
    }

    public static Proto.ListChangesResponse ToProto(ChangePage page)
    {
        Proto.ListChangesResponse result = new() { NextIndex = page.Next, Size = page.Size };
        result.Entries.AddRange(page.Entries.Select(e => new Proto.ListChangesResponse.Types.Entry { Index = e.Index, Data = ByteString.CopyFrom(e.Data.Span) }));
        return result;
    }

    public Proto.EntryProof ToProto(ProvenEntry proven)
    {
        Proto.InclusionProof inclusion = new() { LeafIndex = proven.Inclusion.Index, TreeSize = proven.Inclusion.Size };
        inclusion.Hashes.AddRange(proven.Inclusion.Hashes.Select(ToProto));
        return new Proto.EntryProof { Entry = ByteString.CopyFrom(proven.Entry.Span), Inclusion = inclusion, Head = ToProto(proven.Head.Head.Tenant, proven.Head) };
    }

    /// <summary>A head; without one, the tree without entries, which nobody signs.</summary>
    public Proto.TreeHead ToProto(string tenant, SignedTreeHead? head) => head is null
        ? new Proto.TreeHead { Tenant = tenant, Root = ToProto(TreeHashing.Empty) }
        : new Proto.TreeHead
        {
            Tenant = head.Head.Tenant,
            Size = head.Head.Size,
            Root = ToProto(head.Head.Root),
            Time = Timestamp.FromDateTimeOffset(head.Head.Time),
            KeyId = head.KeyId,
            Signature = ByteString.CopyFrom(head.Signature.Span),
            PublicKey = ByteString.CopyFrom(keys.Ring.PublicKey(head.KeyId) ?? []),
        };

    private static ByteString ToProto(TreeHash hash) => ByteString.CopyFrom(hash.ToArray());

    private static void NotNegative(FieldPath path, long value)
    {
        if (value < 0)
        {
            path.Fail(ViolationReasons.OutOfRange, "must not be negative");
        }
    }

    private static string Known(FieldViolations violations, string tenant)
    {
        violations.ThrowIfAny();
        return tenant;
    }
}
