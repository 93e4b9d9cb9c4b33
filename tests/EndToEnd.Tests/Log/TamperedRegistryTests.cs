using Grpc.Core;
using Microsoft.Data.Sqlite;
using Verifier.Contracts.V1;
using Verifier.EndToEnd.Tests.Running;
using Verifier.TestKit;
using Outcome = Verifier.Contracts.V1.AttestationVerdict.Types.Outcome;

namespace Verifier.EndToEnd.Tests.Log;

/// <summary>A registry that is changed by hand, seen by the service and by the command line.</summary>
public sealed class TamperedRegistryTests : IDisposable
{
    private static readonly Scenario Guest = Scenario.Vcek();
    private readonly string _folder = Directory.CreateTempSubdirectory("verifier-e2e-log-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task T71_RevokedRecordPutBackByHand_IsNeverAccepted_AndSeenByTheCommandLine()
    {
        await using RunningService service = await RunningService.StartAsync(roots: Guest.Amd.Roots);
        await service.RegisterAsync("guest", Guest.Report.Measurement);
        VerifyRequest question = Requests.Verify(Guest, Guest.Certificates);
        question.IncludeProof = true;
        VerifyResponse accepted = await service.Verifier.VerifyAsync(question, cancellationToken: Ct);
        Assert.Equal((Outcome.Accepted, 0, 1), (accepted.Verdict.Outcome, accepted.Verdict.Reference.LogLeafIndex, accepted.LogProof.Head.Size));
        byte[] before = await BlobAsync(service, "SELECT body FROM reference_value WHERE id = 'guest'");
        Assert.Equal((0, "verified"), await LogVerifyAsync(service));

        await service.Registry.RevokeReferenceValueAsync(new() { Name = Requests.Name("guest"), Reason = "test", RequestId = Guid.NewGuid().ToString() }, RunningService.Registrar, cancellationToken: Ct);
        Assert.Equal((0, "verified"), await LogVerifyAsync(service));
        await RunAsync(service, "UPDATE reference_value SET body = $a", before);
        await RunAsync(service, "DELETE FROM tombstone", before);

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => service.VerifyAsync(question));
        Assert.Equal((StatusCode.FailedPrecondition, "RECORD_CONTRADICTS_LOG"), (refused.StatusCode, refused.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason));
        Assert.Equal(4, (await LogVerifyAsync(service)).ExitCode);
    }

    [Fact]
    public async Task T70_RollbackByHand_IsNoticedByServiceAndCommandLine()
    {
        await using RunningService service = await RunningService.StartAsync(roots: Guest.Amd.Roots);
        await service.RegisterAsync("guest", Guest.Report.Measurement);
        (int code, string output, string error) = await CommandLineTool.RunAsync("log", "head", "--server", service.Address, "--state", _folder);
        Assert.Equal(0, code);
        Assert.Contains("entries           1", output, StringComparison.Ordinal);
        Assert.StartsWith("note: the key ", error, StringComparison.Ordinal);
        byte[] head = await BlobAsync(service, "SELECT body FROM head");
        await service.RegisterAsync("other", [.. Guest.Report.Measurement[..47], 1]);
        Assert.Equal(0, (await CommandLineTool.RunAsync("log", "head", "--server", service.Address, "--state", _folder)).ExitCode);

        await RunAsync(service, "UPDATE head SET body = $a", head);
        await RunAsync(service, "DELETE FROM log_leaf WHERE leaf_index = 1", head);
        await RunAsync(service, "DELETE FROM reference_value WHERE id = 'other'", head);
        (code, _, error) = await CommandLineTool.RunAsync("log", "head", "--server", service.Address, "--state", _folder);
        Assert.Equal(4, code);
        Assert.Contains("LOG_ROLLED_BACK", error, StringComparison.Ordinal);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => service.VerifyAsync(Requests.Verify(Guest, Guest.Certificates)));
        Assert.Equal("LOG_ROLLED_BACK", refused.GetRpcStatus()?.GetDetail<Google.Rpc.ErrorInfo>()?.Reason);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int ExitCode, string? Outcome)> LogVerifyAsync(RunningService service)
    {
        (int code, string output, _) = await CommandLineTool.RunAsync("log", "verify", "--server", service.Address, "--state", _folder, "--format", "json");
        return (code, System.Text.Json.JsonDocument.Parse(output).RootElement.TryGetProperty("outcome", out System.Text.Json.JsonElement outcome) ? outcome.GetString() : null);
    }

    private static async Task<byte[]> BlobAsync(RunningService service, string sql)
    {
        using SqliteConnection connection = await OpenAsync(service);
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Assert.IsType<byte[]>(await command.ExecuteScalarAsync(Ct));
    }

    private static async Task RunAsync(RunningService service, string sql, byte[] a)
    {
        using SqliteConnection connection = await OpenAsync(service);
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$a", a);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Ct));
    }

    private static async Task<SqliteConnection> OpenAsync(RunningService service)
    {
        SqliteConnection connection = new($"Data Source={Path.Combine(service.DataDirectory, "registry.db")};Pooling=False");
        await connection.OpenAsync(Ct);
        return connection;
    }
}
