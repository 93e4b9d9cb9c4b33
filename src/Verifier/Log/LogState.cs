using SevSnp.Primitives;
using Verifier.Ledger;
using Verifier.Service.Documents;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Log;

/// <summary>
/// What a tenant's log comes to, up to a signed head: the tree, the last state of each resource, and what is revoked. Read by many while
/// one follows; each question is answered under a lock that is held for a microsecond.
/// </summary>
internal sealed class LogState(string tenant)
{
    private readonly Lock _gate = new();
    private readonly MerkleTree _tree = new();
    private readonly LogReplay _replay = new(tenant);
    private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);
    private readonly Dictionary<Digest384, HashSet<string>> _bySigner = [];
    private readonly Dictionary<string, int> _present = new(StringComparer.Ordinal);
    private readonly ReferenceCounts _references = new();
    private byte[] _headBytes = [];
    private SignedTreeHead? _head;

    /// <summary>How many entries were applied.</summary>
    public long Size
    {
        get
        {
            lock (_gate)
            {
                return _tree.Size;
            }
        }
    }

    /// <summary>How many reference values there are in each state.</summary>
    public IReadOnlyList<(string State, long Count)> RecordsByState
    {
        get
        {
            lock (_gate)
            {
                return _references.All;
            }
        }
    }

    public TreeFrontier Frontier
    {
        get
        {
            lock (_gate)
            {
                return _tree.FrontierAt(_tree.Size);
            }
        }
    }

    public TreeHash RootAt(long size)
    {
        lock (_gate)
        {
            return _tree.RootAt(size);
        }
    }

    /// <summary>True when this stands at exactly these bytes of a stored head.</summary>
    public bool IsAt(ReadOnlySpan<byte> head)
    {
        lock (_gate)
        {
            return head.SequenceEqual(_headBytes);
        }
    }

    /// <summary>What an entry would break that followed upon a head; null when this does not stand at that head.</summary>
    public ReplayFault? Broken(ReadOnlySpan<byte> head, LogEntry entry)
    {
        lock (_gate)
        {
            return head.SequenceEqual(_headBytes) ? _replay.Try(entry) : null;
        }
    }

    /// <summary>The next entry; gives what it breaks.</summary>
    public ReplayFault Apply(LogEntry entry, TreeHash leaf)
    {
        lock (_gate)
        {
            if (!_replay.TryApply(entry, out ReplayFault fault))
            {
                return fault;
            }

            _tree.Append(leaf);
            Count(entry);
            _references.Apply(entry);
            NoteSigners(entry);
            return default;
        }
    }

    /// <summary>All entries that the head covers were applied, and their root is the head's.</summary>
    public void StandAt(byte[] bytes, SignedTreeHead? head)
    {
        lock (_gate)
        {
            (_headBytes, _head) = (bytes, head);
        }
    }

    /// <summary>Asks several things of one moment. The tree may have more entries than the head for an instant, never fewer.</summary>
    public T Ask<T>(Func<MerkleTree, LogReplay, SignedTreeHead?, T> question)
    {
        lock (_gate)
        {
            return question(_tree, _replay, _head);
        }
    }

    /// <summary>Each record found is what the log says last of it, and the measurement is revoked exactly if the log says so.</summary>
    public bool Agrees(MeasurementEntry entry)
    {
        Span<byte> digest = stackalloc byte[Digest384.Size];
        entry.Measurement.CopyTo(digest);
        lock (_gate)
        {
            return _replay.IsRevoked(digest) == entry.Tombstone is not null && Agree(entry.Values) && Agree(entry.OfSigners) && HasAllOfSigners(entry);
        }
    }

    /// <summary>The document, or that there is none, is what the log says last of it.</summary>
    public bool Agrees(DocumentKind kind, string id, StoredDocument? document)
    {
        string resource = DocumentNames.Resource(kind, id);
        lock (_gate)
        {
            return document is null
                ? !_replay.TryGet(resource, out _) || _deleted.Contains(resource)
                : IsLast(resource, document.Form);
        }
    }

    /// <summary>Each document is what the log says last of it, and there are as many as it says.</summary>
    public bool Agrees(DocumentKind kind, IReadOnlyList<StoredDocument> documents)
    {
        lock (_gate)
        {
            return documents.Count == _present.GetValueOrDefault(DocumentNames.Collection(kind))
                && documents.All(d => IsLast(DocumentNames.Resource(kind, d.Id), d.Form));
        }
    }

    /// <summary>The entry that left a reference value as it was found; null when it has changed since.</summary>
    public long? LeafOf(StoredReferenceValue value)
    {
        lock (_gate)
        {
            return _replay.TryGet(ReferenceNames.Resource(value.Id), out ResourceState state) && state.AfterHash == value.Form.Hash ? state.LeafIndex : null;
        }
    }

    // A revoked value withdraws the trust of others: one that the index does not lead to any more must be missed.
    private bool HasAllOfSigners(MeasurementEntry entry)
    {
        foreach (Digest384 signer in entry.Signers)
        {
            if (_bySigner.TryGetValue(signer, out HashSet<string>? ids) && !ids.IsSubsetOf(entry.OfSigners.Select(v => v.Id)))
            {
                return false;
            }
        }

        return true;
    }

    private bool Agree(IReadOnlyList<StoredReferenceValue> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (!IsLast(ReferenceNames.Resource(values[i].Id), values[i].Form))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsLast(string resource, StoredForm form) => _replay.TryGet(resource, out ResourceState state) && state.Exists && state.AfterHash == form.Hash;

    // Few values accept by signer, and none ever leaves its signers: only those are read here.
    private void NoteSigners(LogEntry entry)
    {
        if (!entry.Resource.StartsWith(ReferenceNames.ResourcePrefix, StringComparison.Ordinal) || entry.After.Span.IndexOf("\"acceptsBySigner\":true"u8) < 0)
        {
            return;
        }

        StoredReferenceValue value = RecordCodec.DecodeValue(entry.After.Span, tenant, entry.Resource[ReferenceNames.ResourcePrefix.Length..]);
        foreach (Digest384 signer in value.Signers)
        {
            if (!_bySigner.TryGetValue(signer, out HashSet<string>? ids))
            {
                _bySigner.Add(signer, ids = new(StringComparer.Ordinal));
            }

            ids.Add(value.Id);
        }
    }

    // A deleted document stays stored as a mark, so that its versions go on counting; to the log it exists.
    private void Count(LogEntry entry)
    {
        bool was = !entry.Before.IsEmpty && !_deleted.Contains(entry.Resource);
        bool deleted = entry.Action == "delete";
        bool now = !entry.After.IsEmpty && !deleted;
        if (deleted)
        {
            _deleted.Add(entry.Resource);
        }
        else
        {
            _deleted.Remove(entry.Resource);
        }

        string collection = entry.Resource[..entry.Resource.IndexOf('/', StringComparison.Ordinal)];
        _present[collection] = _present.GetValueOrDefault(collection) + (now ? 1 : 0) - (was ? 1 : 0);
    }
}
