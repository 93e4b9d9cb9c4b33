using System.Security.Cryptography;
using Google.Protobuf;
using Verifier.Ledger;
using Verifier.TestKit;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Tests.Online;

/// <summary>What a client sees of a log that is honest, and of one that is not.</summary>
public sealed class LogCommandTests : IAsyncLifetime
{
    private readonly string _state = Directory.CreateTempSubdirectory("verifier-cli-state-").FullName;
    private FakeService _service = null!;

    private FakeLog Log => _service.Log;

    public async ValueTask InitializeAsync()
    {
        _service = await FakeService.StartAsync();
        Log.Register("coconut");
        Log.Register("other", measurement: new string('c', 96));
        Log.Change("referenceValues/other", FakeLog.Record("revoked", new string('c', 96)), new string('c', 96));
        Log.Change("policies/strict", "{}"u8.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public async Task FirstHead_IsTrustedAloud_AndRemembered()
    {
        CliResult first = await RunAsync("log", "head");
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("entries           4\n", first.Out, StringComparison.Ordinal);
        Assert.StartsWith($"note: the key {LogKeys.Id(Log.Key)} of the log of tenant default", first.Error, StringComparison.Ordinal);
        CliResult second = await RunAsync("log", "head", "--format", "json");
        Assert.Equal((0, ""), (second.ExitCode, second.Error));
        Assert.Equal((4, LogKeys.Id(Log.Key)), (second.Json.GetProperty("size").GetInt32(), second.Json.GetProperty("key_id").GetString()));
    }

    [Fact]
    public async Task RolledBackLog_IsExitFour_UntilForgotten()
    {
        await RunAsync("log", "head");
        Log.CutTo(2);
        CliResult result = await RunAsync("log", "head");
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("ROLLED BACK", result.Error, StringComparison.Ordinal);
        Assert.Equal(4, (await RunAsync("log", "verify")).ExitCode);
        Assert.Equal(0, (await RunAsync("log", "head", "--forget-head")).ExitCode);
        Assert.Equal(0, (await RunAsync("log", "head")).ExitCode);
    }

    [Fact]
    public async Task NothingToForget_IsNoFault()
    {
        CliResult result = await _service.RunAsync("log", "head", "--forget-head", "--state", Path.Combine(_state, "never", "made"));

        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task ForkedLog_IsExitFour(int more)
    {
        await RunAsync("log", "head");
        Log.CutTo(3);
        for (int i = 0; i <= more; i++)
        {
            Log.Change($"policies/another-{i}", "{}"u8.ToArray());
        }

        CliResult result = await RunAsync("log", "head");
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("FORKED", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GrownLog_IsAccepted_AndTheNewHeadRemembered()
    {
        await RunAsync("log", "head");
        Log.Register("third");
        Assert.Equal(0, (await RunAsync("log", "head")).ExitCode);
        Log.CutTo(4);
        Assert.Equal(4, (await RunAsync("log", "head")).ExitCode);
    }

    [Fact]
    public async Task GivenKey_DecidesWhoseSignatureCounts()
    {
        string right = Path.Combine(_state, "right.pem"), wrong = Path.Combine(_state, "wrong.pem");
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(right, Log.Key.ExportSubjectPublicKeyInfoPem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(wrong, other.ExportSubjectPublicKeyInfoPem(), TestContext.Current.CancellationToken);
        CliResult good = await RunAsync("log", "head", "--log-key", right);
        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        Assert.Equal(4, (await RunAsync("log", "head", "--log-key", wrong)).ExitCode);

        // Without the option the key that was remembered counts, and no other.
        Log.Key = other;
        Assert.Equal(4, (await RunAsync("log", "head")).ExitCode);
        Assert.Equal(0, (await RunAsync("log", "head", "--log-key", wrong)).ExitCode);
        Assert.Equal(1, (await RunAsync("log", "head", "--log-key", Samples.Path("report.bin"))).ExitCode);
    }

    [Theory]
    [InlineData("signature")]
    [InlineData("size")]
    [InlineData("root")]
    [InlineData("tenant")]
    [InlineData("time")]
    [InlineData("key")]
    [InlineData("curve")]
    public async Task SpoiltHead_IsExitFour(string what)
    {
        Log.Spoil = head => _ = what switch
        {
            "signature" => (object)(head.Signature = ByteString.CopyFrom([.. head.Signature.Span[..63], (byte)(head.Signature[63] ^ 1)])),
            "size" => head.Size++,
            "root" => head.Root = ByteString.CopyFrom(new byte[32]),
            "tenant" => head.Tenant = "other",
            "time" => head.Time.Seconds++,
            "curve" => head.PublicKey = UnknownCurve(head.PublicKey.ToByteArray()),
            _ => head.PublicKey = ByteString.CopyFrom(1, 2, 3),
        };
        Assert.Equal(4, (await RunAsync("log", "head")).ExitCode);
    }

    [Fact]
    public async Task HonestLog_IsVerifiedWhole()
    {
        CliResult result = await RunAsync("log", "verify", "--format", "json");
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            ("verified", 4, 3, 1),
            (result.Json.GetProperty("outcome").GetString(), result.Json.GetProperty("entries").GetInt32(), result.Json.GetProperty("resources").GetInt32(), result.Json.GetProperty("revoked").GetInt32()));
        Assert.StartsWith("VERIFIED\n", (await RunAsync("log", "verify")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("record changed", "referenceValues/coconut is stored differently")]
    [InlineData("record missing", "2 resources are stored")]
    [InlineData("record extra", "referenceValues/zzz is stored differently")]
    [InlineData("put back as before its revocation", "referenceValues/other is stored differently")]
    [InlineData("tombstone missing", "0 tombstones")]
    [InlineData("tombstone of another", "tombstone of measurement cccc")]
    [InlineData("entry changed", "BeforeIsLastAfter")]
    [InlineData("entry changed alone", "root")]
    [InlineData("entries exchanged", "root")]
    [InlineData("entry unreadable", "EntryIsReadable")]
    public async Task T76_TamperedStoreOrLog_IsSeen(string damage, string text)
    {
        switch (damage)
        {
            case "record changed": Log.Stored["referenceValues/coconut"] = FakeLog.Record("deprecated"); break;
            case "record missing": Log.Stored.Remove("policies/strict"); break;
            case "record extra": Log.Stored["referenceValues/zzz"] = FakeLog.Record("active"); break;
            case "put back as before its revocation": Log.Stored["referenceValues/other"] = FakeLog.Record("active", new string('c', 96)); break;
            case "tombstone missing": Log.Tombstones.Clear(); break;
            case "tombstone of another": Log.Tombstones.Clear(); Log.Tombstones.Add(new string('d', 96)); break;
            case "entry changed": Log.Forged[1] = Entry(1, e => e with { After = FakeLog.Record("active") }); break;
            case "entry changed alone": Log.Forged[3] = Entry(3, e => e with { Reason = "by hand" }); break;
            case "entries exchanged": (Log.Forged[0], Log.Forged[1]) = (Entry(1, e => e), Entry(0, e => e)); break;
            default: Log.Forged[0] = [1]; break;
        }

        CliResult result = await RunAsync("log", "verify");
        Assert.Equal(4, result.ExitCode);
        Assert.Contains(text, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Out);
    }

    [Fact]
    public async Task Entries_AreShown()
    {
        CliResult text = await RunAsync("log", "show");
        Assert.Equal(0, text.ExitCode);
        Assert.Contains("referenceValues/coconut  by ci", text.Out, StringComparison.Ordinal);
        CliResult json = await RunAsync("log", "show", "--first", "2", "--limit", "1", "--format", "json");
        Assert.Equal("revoked", json.Json.GetProperty("entries")[0].GetProperty("after").GetProperty("state").GetString());
        Assert.True(json.Json.GetProperty("truncated").GetBoolean());
    }

    [Fact]
    public async Task ProvenVerdict_IsAccepted_AndItsHeadRemembered()
    {
        _service.Answers.Give(Proven());
        CliResult result = await VerifyAsync();
        Assert.Equal(0, result.ExitCode);
        Log.CutTo(1);
        _service.Answers.Give(Proven());
        CliResult later = await VerifyAsync();
        Assert.Equal(4, later.ExitCode);
        Assert.Contains("ROLLED BACK", later.Error, StringComparison.Ordinal);
        Assert.Empty(later.Out);
    }

    [Fact]
    public async Task RefusedVerdict_ChecksTheHeadToo()
    {
        _service.Answers.Give(Verdicts.Refused());
        Assert.Contains("REJECTED", (await VerifyAsync()).Out, StringComparison.Ordinal);
        Log.CutTo(1);
        _service.Answers.Give(Verdicts.Refused());
        Assert.Contains("ROLLED BACK", (await VerifyAsync()).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("path")]
    [InlineData("entry")]
    [InlineData("index")]
    [InlineData("stated index")]
    [InlineData("no stated index")]
    [InlineData("of another reference value")]
    [InlineData("of a revoked one")]
    [InlineData("of another measurement")]
    [InlineData("no reference value")]
    public async Task SpoiltProof_IsExitFour(string what)
    {
        V1.VerifyResponse response = Proven(what is "of another reference value" or "of a revoked one" ? 2 : 0);
        switch (what)
        {
            case "absent": response.LogProof = null; break;
            case "path": response.LogProof.Inclusion.Hashes[0] = ByteString.CopyFrom(new byte[32]); break;
            case "entry": response.LogProof.Entry = ByteString.CopyFrom(Entry(0, e => e with { Reason = "x" })); break;
            case "index": response.LogProof.Inclusion.LeafIndex = 1; break;
            case "stated index": response.Verdict.Reference.LogLeafIndex = 1; break;
            case "no stated index": response.Verdict.Reference.ClearLogLeafIndex(); break;
            case "of a revoked one": response.Verdict.Reference.Name = "tenants/default/referenceValues/other"; break;
            case "of another measurement": response.Verdict.Report.Measurement = ByteString.CopyFrom(new byte[48]); break;
            case "no reference value": response.Verdict.Reference = null; break;
        }

        _service.Answers.Give(response);
        CliResult result = await VerifyAsync();
        Assert.Equal(4, result.ExitCode);
        Assert.Empty(result.Out);
    }

    [Fact]
    public async Task OptionsOfTheLog_AreRefusedWhereTheyHaveNoEffect()
    {
        Assert.Equal(1, (await _service.RunAsync("verify", "--report", Samples.Path("report.bin"), "--nonce", new string('1', 128), "--state", _state)).ExitCode);
        Assert.Equal(1, (await _service.RunAsync("log", "head")).ExitCode);
    }

    private V1.VerifyResponse Proven(int index = 0)
    {
        V1.VerifyResponse response = Verdicts.Accepted();
        response.Verdict.Reference.LogLeafIndex = index;
        response.LogProof = Log.Prove(index);
        return response;
    }

    private byte[] Entry(int index, Func<LogEntry, LogEntry> change) =>
        LogEntry.TryRead(Log.Prove(index).Entry.ToByteArray(), out LogEntry? entry, out _) ? change(entry).Encode() : throw new InvalidOperationException("Not an entry.");

    private Task<CliResult> VerifyAsync() => RunAsync("verify", "--report", Samples.Path("report.bin"), "--nonce", new string('1', 128), "--require-proof");

    private Task<CliResult> RunAsync(params string[] args) => _service.RunAsync([.. args, "--state", _state]);

    // One number of the curve's name is changed: one that the platform does not know.
    private static ByteString UnknownCurve(byte[] key)
    {
        key[key.AsSpan().IndexOf((byte[])[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]) + 6] = 9;
        return ByteString.CopyFrom(key);
    }
}
