using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SevSnp.Primitives;
using Verifier.Ledger;
using Verifier.Service.Registry;
using Verifier.Service.Storage;

namespace Verifier.Service.Log.Copies;

/// <summary>Writes a tenant as lines, and puts such a copy into an empty store.</summary>
internal sealed class TenantCopies(
    LogFollower follower, FollowerParts parts, ITenantContents contents, ITenantImport import, IOptions<StoreOptions> store)
{
    private const int BatchEntries = 64;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private int _importing;

    /// <summary>The lines of a copy as of the newest head; none for a tenant without entries.</summary>
    /// <exception cref="LogRefusedException">The log must not be trusted.</exception>
    public async IAsyncEnumerable<byte[]> ExportAsync(string tenant, [EnumeratorCancellation] CancellationToken cancellation)
    {
        TenantLog followed = follower.Of(tenant);
        await followed.CatchUpAsync(cancellation);
        if (followed.Fault is { } fault)
        {
            throw new LogRefusedException(tenant, fault);
        }

        LogState state = followed.Current ?? throw new LogNotLoadedException(tenant);
        if (await parts.Log.HeadAsync(tenant, cancellation) is not { } bytes)
        {
            yield break;
        }

        if (!StoredHead.TryRead(bytes, out StoredHead? head) || parts.Verifier().Check(head.SignedHead) != HeadCheck.Valid)
        {
            throw Broken(tenant, "the head is damaged");
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        yield return Hashed(hash, new CopyLine { V = CopyLine.CurrentVersion, Tenant = tenant, Head = bytes });
        TreeFrontier tree = TreeFrontier.Empty;
        for (long size = head.SignedHead.Head.Size; tree.Size < size;)
        {
            IReadOnlyList<LogLeaf> batch = await parts.Log.ReadAsync(tenant, tree.Size, (int)Math.Min(BatchEntries, size - tree.Size), cancellation);
            foreach (LogLeaf leaf in batch.Count > 0 ? batch : throw Broken(tenant, $"entry {tree.Size} is missing"))
            {
                tree = tree.Append(new TreeHash(leaf.LeafHash.Span));
                yield return Hashed(hash, new CopyLine { Entry = leaf.Data.ToArray() });
            }
        }

        if (tree.Root != head.SignedHead.Head.Root)
        {
            throw Broken(tenant, "the entries do not have the root that is signed");
        }

        Digest384? after = null;
        while (await contents.ReadNearAsync(tenant, after, BatchEntries, cancellation) is { Count: > 0 } page)
        {
            foreach (StoredNearItem near in page)
            {
                after = near.Digest;

                // One that was registered since the head belongs to a later copy.
                if (state.Ask((_, replay, _) => replay.TryGet(ReferenceNames.Resource(near.Id), out ResourceState last) && last.LeafIndex < tree.Size))
                {
                    yield return Hashed(hash, new CopyLine { Near = near.Body });
                }
            }
        }

        yield return new CopyLine { End = hash.GetCurrentHash() }.Encode();
    }

    /// <summary>False while another import is under way.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref _importing, 1) == 0;

    public void End() => Volatile.Write(ref _importing, 0);

    /// <summary>A file for a copy that comes in pieces; it is gone when it is closed.</summary>
    public FileStream Spool()
    {
        string directory = Path.GetFullPath(store.Value.DataDirectory);
        Directory.CreateDirectory(directory);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(Path.Combine(directory, $"import-{Guid.NewGuid():n}.part"), options);
    }

    /// <summary>Verifies a copy and stores it. Null when the tenant is not empty.</summary>
    /// <exception cref="CopyRefusedException">Something of the copy does not hold; nothing was stored.</exception>
    public async Task<SignedTreeHead?> ImportAsync(string tenant, Stream copy, CancellationToken cancellation)
    {
        copy.Position = 0;
        StoredHead head = await Task.Run(() => new CopyCheck(tenant, parts.Verifier()).Run(copy, cancellation), cancellation);
        copy.Position = 0;
        return await import.ImportAsync(tenant, head.Encode(), CopyReader.Items(copy), cancellation) ? head.SignedHead : null;
    }

    private static byte[] Hashed(IncrementalHash hash, CopyLine line)
    {
        byte[] bytes = line.Encode();
        hash.AppendData(bytes);
        return bytes;
    }

    private static LogRefusedException Broken(string tenant, string what) => new(tenant, new LogFault(LogFault.Broken, $"export: {what}"));
}
