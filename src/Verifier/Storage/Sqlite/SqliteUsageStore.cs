using System.Globalization;
using Microsoft.Data.Sqlite;
using SevSnp.Primitives;
using Verifier.Service.Usage;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>Counts in the embedded database.</summary>
internal sealed class SqliteUsageStore(SqliteDatabase database, TimeProvider clock) : IUsageStore
{
    public Task AddAsync(IReadOnlyList<UsageCount> counts, CancellationToken cancellation) => database.WriteAsync(
        c =>
        {
            c.Run("DELETE FROM usage WHERE day <= $day", ("$day", Text(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-UsageLimits.Days))));
            foreach (UsageCount count in counts)
            {
                Add(c, count);
            }

            return true;
        },
        cancellation);

    public Task<IReadOnlyList<UsageCount>> ReadAsync(string tenant, IReadOnlyList<Digest384> measurements, DateOnly from, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<UsageCount>>(
            c =>
            [
                .. measurements.SelectMany(m => c.Rows(
                    "SELECT day, caller, accepted FROM usage WHERE tenant = $tenant AND digest = $digest AND day >= $from",
                    row => new UsageCount(
                        new UsageKey(tenant, m, DateOnly.ParseExact(row.GetString(0), "yyyy-MM-dd", CultureInfo.InvariantCulture), row.GetString(1)), row.GetInt64(2)),
                    ("$tenant", tenant),
                    ("$digest", m.ToArray()),
                    ("$from", Text(from)))),
            ],
            cancellation);

    private static void Add(SqliteConnection connection, UsageCount count)
    {
        UsageKey key = count.Key;
        long callers = connection.Scalar(
            "SELECT count(*) FROM usage WHERE tenant = $tenant AND digest = $digest AND day = $day",
            ("$tenant", key.Tenant),
            ("$digest", key.Measurement.ToArray()),
            ("$day", Text(key.Day)));
        connection.Run(
            """
            INSERT INTO usage (tenant, digest, day, caller, accepted) VALUES ($tenant, $digest, $day, $caller, $accepted)
            ON CONFLICT (tenant, digest, day, caller) DO UPDATE SET accepted = accepted + excluded.accepted
            """,
            ("$tenant", key.Tenant),
            ("$digest", key.Measurement.ToArray()),
            ("$day", Text(key.Day)),
            ("$caller", callers < UsageLimits.Callers ? key.Caller : UsageLimits.Others),
            ("$accepted", count.Accepted));
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
