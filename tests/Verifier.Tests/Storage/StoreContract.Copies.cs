using System.Security.Cryptography;
using System.Text;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Ledger;
using Verifier.Service.Documents;
using Verifier.Service.Log;
using Verifier.Service.Log.Copies;
using Verifier.Service.Registry;
using Verifier.Service.Storage;
using Verifier.Service.Storage.Sqlite;

namespace Verifier.Tests.Storage;

/// <summary>Copies of a tenant, out of each store and into each.</summary>
public abstract partial class StoreContract
{
    /// <summary>Takes away all that is stored, but no key.</summary>
    private protected abstract Task WipeAsync();

    [Fact]
    public async Task Copy_RestoresAnEmptyStore_ByteForByte_AlsoOneOfTheOtherKind()
    {
        (byte[] copy, Digest384 digest) = await FilledAsync();
        string before = await FactsAsync(digest);
        byte[] head = (await Store.Log.HeadAsync("default", Ct))!;

        // A copy is the same whichever store wrote it: what one takes, the other has written.
        string directory = Directory.CreateTempSubdirectory("verifier-copy-").FullName;
        using (Instance source = Beside(Store))
        {
            await using SqliteStore other = new(new StoreOptions { DataDirectory = directory }, new LogOptions(), StoreWitness.OfNobody, TimeProvider.System);
            using Instance target = Beside(other);
            Assert.NotNull(await target.Copies.ImportAsync("default", new MemoryStream(copy), Ct));
            Assert.Equal(Encoding.UTF8.GetString(copy), Encoding.UTF8.GetString(await CopyAsync(target)));
        }

        await EmptiedAsync();
        using Instance restored = Beside(Store);
        Assert.NotNull(await restored.Copies.ImportAsync("default", new MemoryStream(copy), Ct));

        Assert.Equal(head, await Store.Log.HeadAsync("default", Ct));
        Assert.Equal(before, await FactsAsync(digest));
        Assert.Equal(copy, await CopyAsync(restored));
        Assert.Null(await restored.AuditAsync());
        await CreatedAsync(Samples.Value("release-9"));
        Assert.Null(await restored.AuditAsync());
        await Assert.ThrowsAsync<CopyRefusedException>(() => restored.Copies.ImportAsync("default", new MemoryStream(copy[..^1]), Ct));
        Assert.Null(await restored.Copies.ImportAsync("default", new MemoryStream(copy), Ct));
    }

    [Fact]
    public async Task T76_CopyThatWasChanged_IsRefused_AndNothingIsStored()
    {
        (byte[] copy, _) = await FilledAsync();
        await EmptiedAsync();
        using Instance empty = Beside(Store);
        string[] lines = Encoding.UTF8.GetString(copy).Split('\n')[..^1];
        List<byte[]> damaged = [.. Enumerable.Range(0, 150).Select(i => Flipped(copy, i * (copy.Length - 1) / 149))];
        damaged.AddRange(Enumerable.Range(0, lines.Length).Select(i => Joined([.. lines[..i], .. lines[(i + 1)..]])));
        damaged.AddRange(Enumerable.Range(1, lines.Length - 1).Select(i => Joined([.. lines[..(i - 1)], lines[i], lines[i - 1], .. lines[(i + 1)..]])));
        damaged.AddRange([Joined([.. lines, lines[^1]]), Joined([.. lines[..2], lines[1], .. lines[2..]]), [], Encoding.UTF8.GetBytes("\n")]);
        foreach (byte[] bytes in damaged)
        {
            await Assert.ThrowsAsync<CopyRefusedException>(() => empty.Copies.ImportAsync("default", new MemoryStream(bytes), Ct));
        }

        await Assert.ThrowsAsync<CopyRefusedException>(() => empty.Copies.ImportAsync("other", new MemoryStream(copy), Ct));
        Assert.Equal((null, 0), (await Store.Log.HeadAsync("default", Ct), await Store.Log.CountAsync("default", Ct)));
        Assert.Empty(await Store.Contents.ReadAsync("default", "referenceValues", null, 10, Ct));
        Assert.NotNull(await empty.Copies.ImportAsync("default", new MemoryStream(copy), Ct));
    }

    [Fact]
    public async Task T72_CopyOfAForeignKey_IsRefused()
    {
        (byte[] copy, _) = await FilledAsync();
        CopyLine header = CopyLine.Read(copy.AsSpan(0, copy.AsSpan().IndexOf((byte)'\n')))!;
        Assert.True(StoredHead.TryRead(header.Head, out StoredHead? head));
        using ECDsa foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] forged = (header with { Head = StoredHead.Sign(new HeadSigner(foreign), "default", head.Frontier, Samples.Noon).Encode() }).Encode();
        await EmptiedAsync();
        using Instance empty = Beside(Store);

        CopyRefusedException refused = await Assert.ThrowsAsync<CopyRefusedException>(() =>
            empty.Copies.ImportAsync("default", new MemoryStream([.. forged, .. copy.AsSpan(copy.AsSpan().IndexOf((byte)'\n') + 1)]), Ct));

        Assert.Contains("not signed by a key that this service trusts", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Store.Log.CountAsync("default", Ct));
    }

    /// <summary>Values in every state, a signer, near variants, documents with versions, one deleted, one measurement lifted and one lifted and revoked again.</summary>
    private protected async Task<(byte[] Copy, Digest384 Digest)> FilledAsync()
    {
        Digest384 lifted = Samples.Digest(), again = Samples.Digest();
        await CreatedAsync(Samples.Value("release-1", lifted, again));
        await CreatedWithAsync(Samples.Value("release-2", again), Near(), Near());
        await CreatedAsync(Samples.Value("release-3"));
        await CreatedAsync(Samples.Value("release-4") with { Value = Samples.Value("release-4").Value with { Constraints = Samples.EveryConstraint() } });
        await ChangedAsync(Samples.Deprecate("release-3"));
        await ChangedAsync(Samples.Revoke("release-1"));
        foreach ((string id, Digest384 digest) in new[] { ("a", lifted), ("b", again) })
        {
            await DocumentAsync(Asked(id, digest));
            await DocumentAsync(Approved(id, digest, "another"));
        }

        await ChangedAsync(Samples.Revoke("release-2", reason: ""));
        await DocumentAsync(Change("strict", """{ "v" : 1 }"""));
        await DocumentAsync(Change("strict", """{"v":1,"text":"a\nb"}"""));
        await DocumentAsync(Change("gone", """{"v":1}"""));
        await DocumentAsync(Change("gone", "{}") with { Step = DocumentStep.Delete });
        using Instance one = Beside(Store);
        return (await CopyAsync(one), lifted);
    }

    private protected async Task EmptiedAsync()
    {
        await Store.DisposeAsync();
        _opened.Remove(Store);
        await WipeAsync();
        Store = Track(Open());
        await ReadyAsync(Store);
    }

    /// <summary>All that a tenant's callers can see, as text.</summary>
    private protected async Task<string> FactsAsync(Digest384 lifted)
    {
        StringBuilder facts = new();
        foreach (string collection in new[] { "referenceValues", "policies", "identityRules", "settings", "liftRequests" })
        {
            foreach (StoredItem item in await Store.Contents.ReadAsync("default", collection, null, 100, Ct))
            {
                facts.Append(collection).Append(item.Id).AppendLine(Encoding.UTF8.GetString(item.Bytes.Span));
                for (long version = 1; DocumentNames.KindOf(collection) is { } kind && version < 4; version++)
                {
                    facts.AppendLine((await Store.Documents.GetVersionAsync("default", kind, item.Id, version, Ct))?.Etag);
                }
            }
        }

        ReferencePage page = await References.ListAsync("default", new(null, null), 100, null, Ct);
        foreach (StoredReferenceValue value in page.Values)
        {
            foreach (ReferenceMeasurement m in value.Value.Measurements)
            {
                MeasurementEntry entry = await References.FindAsync("default", m.Digest, [.. value.Signers], Ct);
                facts.AppendLine($"{m.Digest} {entry.Tombstone} {entry.IsLifted} {string.Join(',', entry.Values.Concat(entry.OfSigners).Select(v => v.Id + v.Etag))}");
            }
        }

        facts.AppendLine($"{Usable(await References.FindAsync("default", lifted, Ct))} {await Store.Contents.CountTombstonesAsync("default", Ct)}");
        foreach (StoredNearItem near in await Store.Contents.ReadNearAsync("default", null, 100, Ct))
        {
            facts.AppendLine($"{near.Digest} {near.Id} {(await References.FindNearAsync("default", near.Digest, Ct)).Count}");
        }

        return facts.ToString();
    }

    private static async Task<byte[]> CopyAsync(Instance instance)
    {
        List<byte> copy = [];
        await foreach (byte[] line in instance.Copies.ExportAsync("default", Ct))
        {
            copy.AddRange(line);
        }

        return [.. copy];
    }

    private static byte[] Flipped(byte[] bytes, int at) => [.. bytes[..at], (byte)(bytes[at] ^ 1), .. bytes[(at + 1)..]];

    private static byte[] Joined(string[] lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")));
}
