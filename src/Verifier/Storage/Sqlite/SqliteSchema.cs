using Microsoft.Data.Sqlite;
using Verifier.Service.Registry;

namespace Verifier.Service.Storage.Sqlite;

/// <summary>
/// Tables of one database file with the numbers that SQLite keeps in its header for this purpose: whose file it is
/// (<c>application_id</c>) and in which version its tables are (<c>user_version</c>).
/// </summary>
internal sealed record SqliteSchema(int ApplicationId, string Tables)
{
    private const string NearVariants = """
        CREATE TABLE near_variant (
          tenant TEXT NOT NULL, digest BLOB NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL,
          PRIMARY KEY (tenant, digest, id)) STRICT, WITHOUT ROWID;
        """;

    private const string Signers = """
        CREATE TABLE signer (
          tenant TEXT NOT NULL, digest BLOB NOT NULL, id TEXT NOT NULL,
          PRIMARY KEY (tenant, digest, id)) STRICT, WITHOUT ROWID;
        """;

    private const string Challenges = """
        CREATE TABLE challenge (
          tenant TEXT NOT NULL, hash BLOB NOT NULL, expires INTEGER NOT NULL,
          PRIMARY KEY (tenant, hash)) STRICT, WITHOUT ROWID;
        CREATE INDEX challenge_expires ON challenge (expires);
        """;

    private const string SignedLog = """
        CREATE TABLE head (
          tenant TEXT NOT NULL PRIMARY KEY, body BLOB NOT NULL) STRICT;
        CREATE TABLE document (
          tenant TEXT NOT NULL, kind INTEGER NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL,
          PRIMARY KEY (tenant, kind, id)) STRICT;
        CREATE TABLE document_version (
          tenant TEXT NOT NULL, kind INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL,
          PRIMARY KEY (tenant, kind, id, version)) STRICT;
        """;

    private const string UsageAndLifts = """
        CREATE TABLE usage (
          tenant TEXT NOT NULL, digest BLOB NOT NULL, day TEXT NOT NULL, caller TEXT NOT NULL, accepted INTEGER NOT NULL,
          PRIMARY KEY (tenant, digest, day, caller)) STRICT, WITHOUT ROWID;
        CREATE INDEX usage_day ON usage (day);
        CREATE TABLE lifted (
          tenant TEXT NOT NULL, digest BLOB NOT NULL, request TEXT NOT NULL,
          PRIMARY KEY (tenant, digest)) STRICT, WITHOUT ROWID;
        """;

    /// <summary>
    /// The registry: reference values, the indices by measurement and by signer, tombstones, answers to request ids, the log and its heads,
    /// near variants, documents, counts; and the challenges, which must not serve again after a loss of power.
    /// </summary>
    public static SqliteSchema Registry { get; } = new(0x534E5052, $"""
        {NearVariants}
        {Signers}
        {Challenges}
        {SignedLog}
        {UsageAndLifts}
        CREATE TABLE reference_value (
          tenant TEXT NOT NULL, id TEXT NOT NULL, image TEXT NOT NULL, state INTEGER NOT NULL, body BLOB NOT NULL,
          PRIMARY KEY (tenant, id)) STRICT;
        CREATE TABLE measurement (
          tenant TEXT NOT NULL, digest BLOB NOT NULL, id TEXT NOT NULL,
          PRIMARY KEY (tenant, digest, id)) STRICT, WITHOUT ROWID;
        CREATE TABLE tombstone (
          tenant TEXT NOT NULL, digest BLOB NOT NULL, body BLOB NOT NULL,
          PRIMARY KEY (tenant, digest)) STRICT;
        CREATE TABLE request (
          tenant TEXT NOT NULL, request_id TEXT NOT NULL, expires INTEGER NOT NULL, body BLOB NOT NULL,
          PRIMARY KEY (tenant, request_id)) STRICT;
        CREATE INDEX request_expires ON request (expires);
        CREATE TABLE log_leaf (
          tenant TEXT NOT NULL, leaf_index INTEGER NOT NULL, data BLOB NOT NULL, hash BLOB NOT NULL,
          PRIMARY KEY (tenant, leaf_index)) STRICT;
        """)
    {
        Steps =
        [
            new(NearVariants),
            new(Signers),
            new(Challenges),
            new(SignedLog)
            {
                Unfit = "SELECT count(*) FROM log_leaf",
                Why = "an early version of this service made it, whose log is not signed: point Store:DataDirectory to a new directory and register anew",
            },
            new(UsageAndLifts),
        ],
    };

    /// <summary>Certificates and lists from AMD's key service; a file of its own, which may be deleted at any time.</summary>
    public static SqliteSchema Certificates { get; } = new(0x534E5043, """
        CREATE TABLE certificate (
          key TEXT NOT NULL PRIMARY KEY, expires INTEGER NOT NULL, value BLOB NOT NULL) STRICT;
        CREATE INDEX certificate_expires ON certificate (expires);
        """);

    /// <summary>What leads from each version to the next, from the first on.</summary>
    public IReadOnlyList<SqliteStep> Steps { get; private init; } = [];

    /// <summary>The version of the tables: no file can be taken for a newer one than the steps have made it.</summary>
    public int Version => Steps.Count + 1;

    /// <summary>Makes the tables in an empty file, and adds what is new to one of an earlier version; refuses a file of another program or of a newer version.</summary>
    public void Apply(SqliteConnection connection, string file)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        long owner = connection.Scalar("PRAGMA application_id");
        long version = connection.Scalar("PRAGMA user_version");
        long tables = connection.Scalar("SELECT count(*) FROM sqlite_schema");
        if (owner == 0 && version == 0 && tables == 0)
        {
            connection.Run(Tables);
            connection.Run($"PRAGMA application_id = {ApplicationId}");
            connection.Run($"PRAGMA user_version = {Version}");
            transaction.Commit();
            return;
        }

        if (owner != ApplicationId)
        {
            throw new StoreUnfitException($"The database '{file}' belongs to another program: point Store:DataDirectory to a directory of its own.");
        }

        if (version > 0 && version < Version)
        {
            foreach (SqliteStep step in Steps.Skip((int)version - 1))
            {
                step.Take(connection, file);
            }

            connection.Run($"PRAGMA user_version = {Version}");
            transaction.Commit();
            return;
        }

        if (version != Version)
        {
            throw new StoreUnfitException(
                $"The database '{file}' has schema version {version}; this version of the service knows {Version}. Run the service that wrote it, or a newer one.");
        }
    }
}

/// <summary>What leads from one version of the tables to the next.</summary>
internal sealed record SqliteStep(string Sql)
{
    /// <summary>Counts what this step cannot take over. Empty: it takes over everything.</summary>
    public string Unfit { get; init; } = "";

    /// <summary>Told where there is such.</summary>
    public string Why { get; init; } = "";

    public void Take(SqliteConnection connection, string file)
    {
        if (Unfit.Length > 0 && connection.Scalar(Unfit) > 0)
        {
            throw new StoreUnfitException($"The database '{file}' cannot be taken over: {Why}.");
        }

        connection.Run(Sql);
    }
}
