using Grpc.Core;
using SevSnp.Primitives;
using Verifier.Client.Online;
using Verifier.Ledger;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Log;

/// <summary>
/// Goes through a whole log: every entry, their order, the root, and that what is stored is what the last entries say, none missing and
/// none too many. What changes meanwhile is looked at again.
/// </summary>
internal sealed class WholeLog(V1.LogService.LogServiceClient service, Func<CallOptions> call, string tenant)
{
    private const int PageSize = 500;
    private const int Attempts = 5;
    private static readonly string[] Collections = ["referenceValues", "policies", "identityRules", "settings", "liftRequests"];

    private readonly MerkleTree _tree = new();
    private readonly LogReplay _replay = new(tenant);

    private string Parent => ResourceNames.Parent(tenant);

    /// <summary>What was looked at.</summary>
    public (long Entries, long Resources, int Revoked) Counts => (_replay.Count, _replay.ResourceCount, _replay.RevokedCount);

    /// <summary>Reads the entries up to a head that is believed.</summary>
    /// <exception cref="CommandFailure">An entry breaks a rule, or the root is not the signed one.</exception>
    public async Task ReadAsync(RemoteHead head)
    {
        while (_tree.Size < head.Size)
        {
            V1.ListChangesRequest request = new() { Parent = Parent, FirstIndex = _tree.Size, PageSize = (int)Math.Min(PageSize, head.Size - _tree.Size) };
            V1.ListChangesResponse page = await service.ListChangesAsync(request, call());
            if (page.Entries.Count == 0)
            {
                throw LogFailures.Invalid($"the log has {_tree.Size} entries, and its head covers {head.Size}");
            }

            foreach (V1.ListChangesResponse.Types.Entry entry in page.Entries)
            {
                Apply(entry);
            }
        }

        if (_tree.RootAt(head.Size) != head.Root)
        {
            throw LogFailures.Invalid($"the root over the first {head.Size} entries is not the one that is signed: an entry was changed, or their order");
        }
    }

    /// <summary>Compares what is stored; <paramref name="follow"/> gives a newer head that is believed.</summary>
    /// <exception cref="CommandFailure">Something stored is not what the log says.</exception>
    public async Task CompareAsync(Func<Task<RemoteHead>> follow)
    {
        for (int attempt = 1; ; attempt++)
        {
            string? fault = await ResourcesAsync() ?? await TombstonesAsync();
            if (fault is null)
            {
                return;
            }

            // Where the log went on meanwhile, what was seen may have been newer.
            RemoteHead head = await follow();
            if (attempt == Attempts || head.Size == _replay.Count)
            {
                throw LogFailures.Invalid(fault);
            }

            await ReadAsync(head);
        }
    }

    private void Apply(V1.ListChangesResponse.Types.Entry entry)
    {
        byte[] data = entry.Data.ToByteArray();
        if (entry.Index != _tree.Size)
        {
            throw LogFailures.Invalid($"entry {_tree.Size} is missing");
        }

        if (!_replay.TryApply(data, out _, out ReplayFault fault))
        {
            throw LogFailures.Invalid($"the log does not hold together: {fault}");
        }

        _tree.Append(TreeHashing.Leaf(data));
    }

    private async Task<string?> ResourcesAsync()
    {
        long met = 0;
        foreach (string collection in Collections)
        {
            string after = "";
            while (true)
            {
                V1.ListStoredResourcesResponse page = await service.ListStoredResourcesAsync(new() { Parent = Parent, Collection = collection, AfterId = after }, call());
                foreach (V1.ListStoredResourcesResponse.Types.Resource resource in page.Resources)
                {
                    string name = $"{collection}/{resource.Id}";
                    if (string.CompareOrdinal(resource.Id, after) <= 0 || resource.Id.Length > 63)
                    {
                        return $"the service lists {collection} out of order";
                    }

                    if (!_replay.TryGet(name, out ResourceState state) || !state.Exists || !TreeHash.TryRead(resource.Sha256.Span, out TreeHash hash) || hash != state.AfterHash)
                    {
                        return $"{name} is stored differently than its last entry says";
                    }

                    after = resource.Id;
                    met++;
                }

                if (page.Resources.Count == 0)
                {
                    break;
                }
            }
        }

        return met == _replay.ResourceCount ? null : $"{met} resources are stored, and the log says that there are {_replay.ResourceCount}";
    }

    private async Task<string?> TombstonesAsync()
    {
        long count = (await service.CheckTombstonesAsync(new() { Parent = Parent }, call())).Count;
        if (count != _replay.RevokedCount)
        {
            return $"{count} tombstones are stored, and the log says that {_replay.RevokedCount} measurements are revoked";
        }

        foreach (string[] part in _replay.Revoked.Chunk(PageSize))
        {
            V1.CheckTombstonesRequest request = new() { Parent = Parent };
            request.Measurements.AddRange(part.Select(p => Google.Protobuf.ByteString.CopyFrom(Digest384.TryParse(p, out Digest384 digest) ? digest.ToArray() : [])));
            V1.CheckTombstonesResponse answer = await service.CheckTombstonesAsync(request, call());
            for (int i = 0; i < part.Length; i++)
            {
                if (i >= answer.Present.Count || !answer.Present[i])
                {
                    return $"the tombstone of measurement {part[i]} is missing";
                }
            }
        }

        return null;
    }
}
