using Microsoft.Data.Sqlite;
using SevSnp.Primitives;
using SevSnp.References;
using Verifier.Ledger;
using Verifier.Service.Log.Copies;
using Verifier.Service.Storage.Changes;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>A copy into the embedded database, in one transaction.</summary>
internal sealed class SqliteImport(SqliteDatabase database) : ITenantImport
{
    // As long as it takes: other changes are told that the store is busy.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly string[] Tables = ["head", "log_leaf", "reference_value", "document", "tombstone", "lifted", "near_variant"];

    public Task<bool> ImportAsync(string tenant, byte[] head, IEnumerable<CopyItem> items, CancellationToken cancellation) => database.WriteAsync(
        c =>
        {
            if (Tables.Any(t => c.Scalar($"SELECT count(*) FROM (SELECT 1 FROM {t} WHERE tenant = $tenant LIMIT 1)", ("$tenant", tenant)) > 0))
            {
                return false;
            }

            long index = 0;
            foreach (CopyItem item in items)
            {
                // The transaction is rolled back.
                cancellation.ThrowIfCancellationRequested();
                if (item.Entry is { } entry)
                {
                    Add(c, tenant, index++, entry);
                }
                else
                {
                    StoredNear near = RecordCodec.DecodeNear(item.Near, tenant);
                    SqliteChanges.Put(c, tenant, near.Id, near.Variant.Digest, item.Near!);
                }
            }

            SqliteLog.Put(c, tenant, head);
            return true;
        },
        Longest,
        cancellation);

    private static void Add(SqliteConnection connection, string tenant, long index, byte[] bytes)
    {
        EntryEffects effects = LogEntry.TryRead(bytes, out LogEntry? entry, out _)
            ? EntryEffects.Of(entry)
            : throw new ArgumentException("Not a verified copy.", nameof(bytes));
        SqliteLog.Put(connection, tenant, new LogAppend(index, bytes, TreeHashing.Leaf(bytes).ToArray(), []));
        if (effects.Value is { } value)
        {
            SqliteChanges.Put(connection, value, effects.Body);
            foreach (Tombstone tombstone in effects.Tombstones)
            {
                SqliteChanges.Put(connection, tenant, tombstone);
            }
        }

        if (effects.Document is { } document)
        {
            SqliteDocumentStore.Put(connection, document, effects.Body);
            foreach (Digest384 lifted in effects.Lifted)
            {
                SqliteDocumentStore.Lift(connection, document, lifted);
            }
        }
    }
}
