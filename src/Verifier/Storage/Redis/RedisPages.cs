using StackExchange.Redis;
using Verifier.Service.Registry;
using Verifier.Service.Storage.Codec;

namespace Verifier.Service.Storage.Redis;

/// <summary>
/// Pages in the order of ids. A filter is applied here, so a page may have looked at many values and hold few: after a bounded number
/// it ends, and its <see cref="ReferencePage.NextAfterId"/> says where the next one begins.
/// </summary>
internal static class RedisPages
{
    private const int BatchSize = 100;
    private const int MaxBatches = 10;

    public static async Task<ReferencePage> ListAsync(IDatabase db, RedisKeys keys, string tenant, ReferenceFilter filter, int pageSize, string? afterId)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        List<StoredReferenceValue> page = [];
        for (int batch = 0; batch < MaxBatches; batch++)
        {
            string[] ids = await IdsAsync(db, keys, tenant, afterId);
            foreach (StoredReferenceValue value in await ValuesAsync(db, keys, tenant, ids))
            {
                if (!Meets(value, filter))
                {
                    continue;
                }

                if (page.Count == pageSize)
                {
                    return new ReferencePage(page, page[^1].Id);
                }

                page.Add(value);
            }

            if (ids.Length < BatchSize)
            {
                return new ReferencePage(page, null);
            }

            afterId = ids[^1];
        }

        return new ReferencePage(page, afterId);
    }

    private static async Task<string[]> IdsAsync(IDatabase db, RedisKeys keys, string tenant, string? afterId)
    {
        RedisValue[] ids = await db.SortedSetRangeByValueAsync(
            keys.Ids(tenant), min: afterId ?? RedisValue.Null, exclude: Exclude.Start, take: BatchSize, flags: CommandFlags.DemandMaster);
        return [.. ids.Select(id => RedisQueries.Id(id, tenant))];
    }

    private static async Task<StoredReferenceValue[]> ValuesAsync(IDatabase db, RedisKeys keys, string tenant, string[] ids)
    {
        RedisValue[] bodies = ids.Length == 0 ? [] : await db.StringGetAsync([.. ids.Select(id => keys.Value(tenant, id))], CommandFlags.DemandMaster);
        return [.. ids.Zip(bodies, (id, body) => RecordCodec.DecodeValue(RedisQueries.Present(body, tenant, id), tenant, id))];
    }

    private static bool Meets(StoredReferenceValue value, ReferenceFilter filter) =>
        (filter.Image is null || value.Value.Image == filter.Image) && (filter.State is null || value.Value.State == filter.State);
}
