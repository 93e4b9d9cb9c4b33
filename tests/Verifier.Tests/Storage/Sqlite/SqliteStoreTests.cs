using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using SevSnp.Primitives;
using Verifier.Ledger;
using Verifier.Service.Documents;
using Verifier.Service.Log;
using Verifier.Service.Registry;
using Verifier.Service.Storage;
using Verifier.Service.Storage.Sqlite;

namespace Verifier.Tests.Storage.Sqlite;

public sealed class SqliteStoreTests : StoreContract
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"verifier-store-{Guid.NewGuid():n}");
    private readonly FakeTimeProvider _clock = new(Samples.Noon);

    // Of many writers at once the last one waits for all others to be on the disk.
    private TimeSpan _writeTimeout = TimeSpan.FromSeconds(60);

    private protected override DateTimeOffset CacheNow => _clock.GetUtcNow();

    [Fact]
    public async Task Files_AreForTheirOwnerOnly()
    {
        await CreatedAsync(Samples.Value("release-1"));
        await Store.Certificates.SetAsync("a", new byte[] { 1 }, CacheNow.AddHours(1), Ct);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes are checked on Unix only.");
#pragma warning disable CA1416
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory));
        string[] files = Directory.GetFiles(_directory);
        Assert.Contains(files, f => f.EndsWith("registry.db-wal", StringComparison.Ordinal));
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task Database_HasAWriteAheadLog()
    {
        await CreatedAsync(Samples.Value("release-1"));
        using SqliteConnection connection = new($"Data Source={RegistryFile};Mode=ReadOnly");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode";
        Assert.Equal("wal", command.ExecuteScalar());
    }

    [Fact]
    public async Task SecondProcess_IsToldThatTheFileIsHeld()
    {
        await CreatedAsync(Samples.Value("release-1"));
        IStore second = Track(Open());
        StoreUnavailableException refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => second.References.PingAsync(Ct));
        Assert.Contains(RegistryFile, refused.Message, StringComparison.Ordinal);
        await Store.DisposeAsync();
        Assert.NotNull(await second.References.GetAsync("default", "release-1", Ct));
    }

    [Fact]
    public async Task NewerSchema_IsRefused() => await UnfitAfterAsync("PRAGMA user_version = 7", "schema version 7");

    [Theory]
    [InlineData("DROP TABLE near_variant; DROP TABLE signer; DROP TABLE challenge; PRAGMA user_version = 1")]
    [InlineData("DROP TABLE signer; DROP TABLE challenge; PRAGMA user_version = 2")]
    [InlineData("DROP TABLE challenge; PRAGMA user_version = 3")]
    [InlineData("PRAGMA user_version = 4")]
    public async Task FileOfAnEarlierVersion_IsTakenOver_WithAllThatIsInIt(string back)
    {
        back = $"DROP TABLE usage; DROP TABLE lifted; DROP TABLE head; DROP TABLE document; DROP TABLE document_version; DELETE FROM log_leaf; {back}";
        Digest384 digest = Samples.Digest();
        await CreatedAsync(Samples.Value("release-1", digest));
        await Store.DisposeAsync();
        using (SqliteConnection connection = new($"Data Source={RegistryFile};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Of this file.
            command.CommandText = back;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        await ReopenAsync();

        Assert.True(Usable(await References.FindAsync("default", digest, Ct)));
        Assert.Empty(await References.FindNearAsync("default", digest, Ct));
        Digest384 key = Samples.Digest();
        await CreatedAsync(Signed("by-signer", [key]));
        Assert.Single((await References.FindAsync("default", digest, [key], Ct)).OfSigners);
        await IssuedAsync();
    }

    [Fact]
    public async Task FileWithALogThatIsNotSigned_IsRefused() => await UnfitAfterAsync(
        "DROP TABLE usage; DROP TABLE lifted; DROP TABLE head; DROP TABLE document; DROP TABLE document_version; PRAGMA user_version = 4", "log is not signed");

    [Fact]
    public async Task FileOfAnotherProgram_IsRefused() => await UnfitAfterAsync("PRAGMA application_id = 77", "another program");

    [Fact]
    public async Task MissingTable_IsRefused() => await UnfitAfterAsync("DROP TABLE tombstone", "tables");

    [Fact]
    public async Task FileThatIsNoDatabase_IsRefused_AndLeftAlone()
    {
        Directory.CreateDirectory(_directory);
        byte[] content = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))];
        await File.WriteAllBytesAsync(RegistryFile, content, Ct);
        StoreUnfitException refused = await Assert.ThrowsAsync<StoreUnfitException>(() => References.GetAsync("default", "release-1", Ct));
        Assert.Contains("not a database", refused.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllBytesAsync(RegistryFile, Ct));
    }

    [Fact]
    public async Task DirectoryThatCannotBeMade_IsUnavailable_AndHealsByItself()
    {
        await File.WriteAllTextAsync(_directory, "in the way", Ct);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => References.GetAsync("default", "release-1", Ct));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => References.CreateAsync(Samples.Value("release-1"), null, Ct));
        File.Delete(_directory);
        await CreatedAsync(Samples.Value("release-1"));
    }

    [Fact]
    public async Task ForeignWriterHoldingTheDatabase_IsUnavailable_NotEndless()
    {
        _writeTimeout = TimeSpan.FromSeconds(1);
        await ReopenAsync();
        await CreatedAsync(Samples.Value("release-1"));
        using SqliteConnection other = new($"Data Source={RegistryFile};Pooling=False");
        other.Open();
        using (SqliteTransaction held = other.BeginTransaction(deferred: false))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => References.CreateAsync(Samples.Value("release-2"), First, Ct));
            Assert.NotNull(await References.GetAsync("default", "release-1", Ct));
        }

        // Repeated, as a caller does who was told so: whether it was made after all is not known.
        await CreatedAsync(Samples.Value("release-2"), First);
    }

    [Fact]
    public async Task CertificateCache_KeepsItsBound()
    {
        for (int i = 0; i < 40; i++)
        {
            await Store.Certificates.SetAsync($"key-{i}", new byte[] { (byte)i }, CacheNow.AddHours(1 + i), Ct);
        }

        byte[]?[] kept = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Store.Certificates.GetAsync($"key-{i}", Ct)));
        Assert.Equal(16, kept.Count(k => k is not null));
        Assert.NotNull(kept[39]);
        await Store.Certificates.SetAsync("large", new byte[SqliteCertificateCache.MaxValueSize + 1], CacheNow.AddHours(1), Ct);
        Assert.Null(await Store.Certificates.GetAsync("large", Ct));
    }

    private string RegistryFile => Path.Combine(_directory, "registry.db");

    private protected override ValueTask PrepareAsync() => ValueTask.CompletedTask;

    private protected override ValueTask CleanUpAsync()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private protected override Task WipeAsync()
    {
        foreach (string file in Directory.GetFiles(_directory, "registry.db*"))
        {
            File.Delete(file);
        }

        return Task.CompletedTask;
    }

    private protected override LogKeyRing Keys() => LogKeyRing.Load(new LogOptions(), new StoreOptions { DataDirectory = _directory });

    private protected override IStore Open()
    {
        SqliteStore store = null!;
        store = new(new StoreOptions { DataDirectory = _directory, CertificateCacheEntries = 16, WriteTimeout = _writeTimeout }, new LogOptions(), StoreWitness.Of(() => store, Keys), _clock);
        return store;
    }

    private protected override Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }

    private protected override Task OverwriteValueAsync(string id, byte[] bytes) =>
        RunAsync("UPDATE reference_value SET body = $a WHERE id = $b", bytes, id);

    private protected override Task OverwriteTombstoneAsync(Digest384 measurement, byte[] bytes) =>
        RunAsync("UPDATE tombstone SET body = $a WHERE digest = $b", bytes, measurement.ToArray());

    private protected override Task OverwriteLeafAsync(long index, byte[] bytes) =>
        RunAsync("UPDATE log_leaf SET data = $a WHERE leaf_index = $b", bytes, index);

    private protected override Task OverwriteDocumentAsync(DocumentKind kind, string id, byte[] bytes) =>
        RunAsync($"UPDATE document SET body = $a WHERE kind = {(int)kind} AND id = $b", bytes, id);

    private protected override Task RemoveTombstoneAsync(Digest384 measurement) =>
        RunAsync("DELETE FROM tombstone WHERE tenant = $b AND digest = $a", measurement.ToArray(), "default");

    private protected override Task AddTombstoneAsync(Digest384 measurement, byte[] bytes) =>
        RunAsync("INSERT INTO tombstone (tenant, digest, body) VALUES ('default', $a, $b)", measurement.ToArray(), bytes);

    private protected override async Task ForgeLeafAsync(long index, byte[] bytes)
    {
        await OverwriteLeafAsync(index, bytes);
        await RunAsync("UPDATE log_leaf SET hash = $a WHERE leaf_index = $b", TreeHashing.Leaf(bytes).ToArray(), index);
    }

    private protected override Task RemoveValueAsync(string id) => RunAsync("DELETE FROM reference_value WHERE tenant = $a AND id = $b", "default", id);

    private protected override Task AddValueAsync(string id, byte[] bytes) =>
        RunAsync("INSERT INTO reference_value (tenant, id, image, state, body) VALUES ('default', $a, 'x', 1, $b)", id, bytes);

    private protected override Task KeepLeavesAsync(long count) => RunAsync("DELETE FROM log_leaf WHERE tenant = $a AND leaf_index >= $b", "default", count);

    private protected override Task RemoveDocumentAsync(DocumentKind kind, string id) => RunAsync("DELETE FROM document WHERE kind = $a AND id = $b", (long)kind, id);

    private protected override Task OverwriteHeadAsync(byte[] bytes) => RunAsync("UPDATE head SET body = $a WHERE tenant = $b", bytes, "default");

    private protected override async Task AddNearAsync(Digest384 measurement, string id, byte[] bytes)
    {
        await References.PingAsync(Ct);
        await RunAsync($"INSERT INTO near_variant (tenant, digest, id, body) VALUES ('default', $a, '{id}', $b)", measurement.ToArray(), bytes);
    }

    private protected override Task UnindexSignerAsync(Digest384 signer, string id) => RunAsync("DELETE FROM signer WHERE digest = $a AND id = $b", signer.ToArray(), id);

    private protected override async Task IndexSignerAsync(Digest384 signer, string id)
    {
        await References.PingAsync(Ct);
        await RunAsync("INSERT INTO signer (tenant, digest, id) VALUES ('default', $a, $b)", signer.ToArray(), id);
    }

    private protected override async Task IndexAsync(Digest384 measurement, string id)
    {
        await References.PingAsync(Ct);
        await RunAsync("INSERT INTO measurement (tenant, digest, id) VALUES ('default', $a, $b)", measurement.ToArray(), id);
    }

    private async Task RunAsync(string sql, object a, object b)
    {
        using SqliteConnection connection = new($"Data Source={RegistryFile};Pooling=False");
        await connection.OpenAsync(Ct);
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$a", a);
        command.Parameters.AddWithValue("$b", b);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Ct));
    }

    private async Task UnfitAfterAsync(string sql, string told)
    {
        await CreatedAsync(Samples.Value("release-1"));
        await Store.DisposeAsync();
        using (SqliteConnection connection = new($"Data Source={RegistryFile};Pooling=False"))
        {
            await connection.OpenAsync(Ct);
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100
            command.CommandText = sql;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(Ct);
        }

        await ReopenAsync();
        StoreUnfitException refused = await Assert.ThrowsAsync<StoreUnfitException>(() => References.FindAsync("default", Samples.Digest(), Ct));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnfitException>(() => References.CreateAsync(Samples.Value("release-2"), null, Ct));
    }
}
