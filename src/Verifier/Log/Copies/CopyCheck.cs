using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Verifier.Ledger;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Log.Copies;

/// <summary>Verifies a whole copy before anything of it is stored: head, entries, their order and root, what they leave stored, and that it ends.</summary>
internal sealed class CopyCheck(string tenant, HeadVerifier keys)
{
    private readonly LogReplay _replay = new(tenant);
    private TreeFrontier _tree = TreeFrontier.Empty;
    private long _line = 1;
    private StoredHead? _head;

    /// <summary>The head of the copy, as it is to be stored.</summary>
    /// <exception cref="CopyRefusedException">Something does not hold.</exception>
    public StoredHead Run(Stream copy, CancellationToken cancellation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        bool hasNear = false, hasEnded = false;
        foreach (ReadOnlyMemory<byte> bytes in CopyReader.Lines(copy))
        {
            cancellation.ThrowIfCancellationRequested();
            CopyLine line = CopyLine.Read(bytes.Span) ?? throw Refused("it is no line of a copy");
            switch (line)
            {
                case { V: not null, Tenant: not null, Head: { } head, Entry: null, Near: null, End: null } when _line == 1:
                    Begin(line, head);
                    break;
                case { Entry: { } entry, V: null, Tenant: null, Head: null, Near: null, End: null } when _head is not null && !hasNear && !hasEnded:
                    Add(entry);
                    break;
                case { Near: { } near, V: null, Tenant: null, Head: null, Entry: null, End: null } when IsWhole && !hasEnded:
                    hasNear = true;
                    Near(near);
                    break;
                case { End: { } end, V: null, Tenant: null, Head: null, Entry: null, Near: null } when IsWhole && !hasEnded:
                    hasEnded = end.AsSpan().SequenceEqual(hash.GetCurrentHash()) ? true : throw Refused("the lines before it are not those that were exported");
                    break;
                default:
                    throw Refused("a copy is a header, all entries that its head covers, near variants, and the end");
            }

            hash.AppendData(bytes.Span);
            hash.AppendData("\n"u8);
            _line++;
        }

        return hasEnded ? _head! : throw Refused("the copy ends too early");
    }

    [MemberNotNullWhen(true, nameof(_head))]
    private bool IsWhole => _head is not null && _tree.Size == _head.SignedHead.Head.Size && _tree.Root == _head.SignedHead.Head.Root;

    private void Begin(CopyLine line, byte[] head)
    {
        if (line.V != CopyLine.CurrentVersion || line.Tenant != tenant)
        {
            throw Refused($"it must be a copy of version {CopyLine.CurrentVersion}, of tenant '{tenant}'");
        }

        if (!StoredHead.TryRead(head, out _head) || _head.SignedHead.Head.Tenant != tenant)
        {
            throw Refused("its head is damaged");
        }

        if (keys.Check(_head.SignedHead) != HeadCheck.Valid)
        {
            throw Refused($"its head is not signed by a key that this service trusts, but by {_head.SignedHead.KeyId}");
        }
    }

    private void Add(byte[] bytes)
    {
        if (_tree.Size >= _head!.SignedHead.Head.Size || !_replay.TryApply(bytes, out LogEntry? entry, out _))
        {
            throw Refused("it is not the entry that follows");
        }

        _tree = _tree.Append(TreeHashing.Leaf(bytes));
        if (_tree.Size == _head.SignedHead.Head.Size && _tree.Root != _head.SignedHead.Head.Root)
        {
            throw Refused("the entries up to here do not have the root that is signed");
        }

        try
        {
            _ = EntryEffects.Of(entry);
        }
        catch (StoreUnfitException)
        {
            throw Refused("what the entry left stored is not understood; a newer version of this service may have written it");
        }
    }

    private void Near(byte[] bytes)
    {
        try
        {
            if (!_replay.TryGet(ReferenceNames.Resource(RecordCodec.DecodeNear(bytes, tenant).Id), out _))
            {
                throw Refused("it is a near variant of no reference value");
            }
        }
        catch (StoreUnfitException)
        {
            throw Refused("the near variant is not understood");
        }
    }

    private CopyRefusedException Refused(string rule) => new(_line, rule);
}
