using System.Text;
using System.Text.Json;
using CsCheck;

namespace Verifier.Ledger.Tests.Entries;

/// <summary>Entries have one form, which is the one of the documentation.</summary>
public sealed class LogEntryTests
{
    private static readonly LogEntry Full = Samples.Change("a-1", "{ \"x\" : [1, 2.50] }", "{\"x\":\"\\u00e4 ä\"}", "revoke") with
    {
        Revoked = [Samples.Digest(1), Samples.Digest(2)],
        Lifted = [Samples.Digest(3)],
    };

    [Fact]
    public void Entry_IsWrittenAsDocumented() => Assert.Equal(
        "{\"v\":2,\"tenant\":\"default\",\"at\":\"2026-11-26T02:00:00.1234567Z\",\"action\":\"revoke\",\"resource\":\"referenceValues/a-1\","
        + "\"actor\":{\"name\":\"ci\",\"issuer\":\"https://issuer.example\",\"subject\":\"repo:1\",\"claims\":{\"actor_id\":\"7\",\"ref\":\"refs/heads/main\"}},"
        + "\"reason\":\"no longer built\",\"before\":{ \"x\" : [1, 2.50] },\"after\":{\"x\":\"\\u00e4 ä\"},"
        + $"\"revoked\":[\"{Samples.Digest(1)}\",\"{Samples.Digest(2)}\"],\"lifted\":[\"{Samples.Digest(3)}\"]}}",
        Encoding.UTF8.GetString(Full.Encode()));

    [Fact]
    public void Entry_ComesBack()
    {
        byte[] bytes = Full.Encode();
        Assert.True(LogEntry.TryRead(bytes, out LogEntry? read, out EntryFault fault), fault.ToString());
        Assert.Equal((Full.Tenant, Full.At, Full.Action, Full.Resource, Full.Reason), (read.Tenant, read.At, read.Action, read.Resource, read.Reason));
        Assert.Equal((Full.Actor.Name, Full.Actor.Issuer, Full.Actor.Subject), (read.Actor.Name, read.Actor.Issuer, read.Actor.Subject));
        Assert.Equal(Full.Actor.Claims.OrderBy(c => c.Key), read.Actor.Claims.OrderBy(c => c.Key));
        Assert.Equal(Full.Before.ToArray(), read.Before.ToArray());
        Assert.Equal(Full.After.ToArray(), read.After.ToArray());
        Assert.Equal(Full.Revoked, read.Revoked);
        Assert.Equal(Full.Lifted, read.Lifted);
        Assert.Equal(bytes, read.Encode());
    }

    [Fact]
    public void AbsentMembers_StayAbsent()
    {
        byte[] bytes = Samples.Create("a", "{}").Encode();
        Assert.True(LogEntry.TryRead(bytes, out LogEntry? read, out _));
        Assert.Null(read.Reason);
        Assert.True(read.Before.IsEmpty);
        Assert.Empty(read.Revoked);
        Assert.DoesNotContain("before", Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void OffsetOfTheClock_DoesNotCount() =>
        Assert.Equal(Full.Encode(), (Full with { At = Full.At.ToOffset(TimeSpan.FromHours(-5)) }).Encode());

    [Theory]
    [InlineData("{\"v\":2", "{\"v\":3", EntryFaultId.UnknownVersion)]
    [InlineData("{\"v\":2", "{\"v\":1", EntryFaultId.UnknownVersion)]
    [InlineData("{\"v\":2,", "{", EntryFaultId.Malformed)]
    [InlineData("{\"v\":2,", "{\"v\":2,\"v\":2,", EntryFaultId.Malformed)]
    [InlineData("{\"v\":2,", "{\"v\":2,\"extra\":0,", EntryFaultId.Malformed)]
    [InlineData("{\"v\":2,", "{\"v\":\"2\",", EntryFaultId.Malformed)]
    [InlineData("{\"v\":2", " {\"v\":2", EntryFaultId.NotCanonical)]
    [InlineData("{\"v\":2", "{ \"v\":2", EntryFaultId.NotCanonical)]
    [InlineData("\"tenant\":\"default\"", "\"tenant\":\"Default\"", EntryFaultId.BadValue)]
    [InlineData("\"tenant\":\"default\"", "\"tenant\":\"\\u0064efault\"", EntryFaultId.NotCanonical)]
    [InlineData("\"tenant\":\"default\"", "\"tenant\":null", EntryFaultId.Malformed)]
    [InlineData("\"tenant\":\"default\"", "\"tenant\":\"\\udc00\"", EntryFaultId.Malformed)]
    [InlineData("00.1234567Z", "00.123456Z", EntryFaultId.BadValue)]
    [InlineData("00.1234567Z", "00.1234567+00:00", EntryFaultId.BadValue)]
    [InlineData("2026-11-26T", "2026-02-30T", EntryFaultId.BadValue)]
    [InlineData("\"action\":\"revoke\"", "\"action\":\"\"", EntryFaultId.BadValue)]
    [InlineData("\"action\":\"revoke\"", "\"action\":\"Revoke it\"", EntryFaultId.BadValue)]
    [InlineData("referenceValues/a-1", "referenceValues/A", EntryFaultId.BadValue)]
    [InlineData("referenceValues/a-1", "referenceValues", EntryFaultId.BadValue)]
    [InlineData("referenceValues/a-1", "tenants/x/referenceValues/a-1", EntryFaultId.BadValue)]
    [InlineData("\"name\":\"ci\"", "\"name\":\"\"", EntryFaultId.BadValue)]
    [InlineData("\"name\":\"ci\",", "", EntryFaultId.Malformed)]
    [InlineData("\"actor_id\":\"7\"", "\"actor_id\":7", EntryFaultId.Malformed)]
    [InlineData("\"actor_id\":\"7\"", "\"ref\":\"7\"", EntryFaultId.BadValue)]
    [InlineData("\"actor_id\":\"7\"", "\"zzz\":\"7\"", EntryFaultId.NotCanonical)]
    [InlineData("\"reason\":\"no longer built\"", "\"reason\":\"\"", EntryFaultId.BadValue)]
    [InlineData("\"reason\":\"no longer built\"", "\"reason\":null", EntryFaultId.Malformed)]
    [InlineData("\"before\":{", "\"before\": {", EntryFaultId.NotCanonical)]
    [InlineData("[1, 2.50]", "[1, 2.5.0]", EntryFaultId.Malformed)]
    [InlineData("[1, 2.50]", "[1, 2.50", EntryFaultId.Malformed)]
    [InlineData(",\"lifted\":[", ",\"revoked\":[", EntryFaultId.Malformed)]
    [InlineData("\"lifted\":[", "\"lifted\":[ ", EntryFaultId.NotCanonical)]
    [InlineData("\"lifted\":[\"a", "\"lifted\":[\"A", EntryFaultId.BadValue)]
    [InlineData("\"lifted\":[\"a", "\"lifted\":[\"", EntryFaultId.BadValue)]
    [InlineData("\"]}", "\"]}}", EntryFaultId.Malformed)]
    [InlineData("\"]}", "\"],\"more\":1}", EntryFaultId.Malformed)]
    [InlineData("\"]}", "\"]}\n", EntryFaultId.NotCanonical)]
    [InlineData("\"]}", "\"]", EntryFaultId.Malformed)]
    public void OtherForms_AreRefused(string part, string other, EntryFaultId expected)
    {
        string good = Encoding.UTF8.GetString(Full.Encode());
        int at = good.LastIndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0);
        string bad = good[..at] + other + good[(at + part.Length)..];
        Assert.False(LogEntry.TryRead(Samples.Bytes(bad), out LogEntry? read, out EntryFault fault));
        Assert.Null(read);
        Assert.Equal(expected, fault.Id);
        Assert.NotEmpty(fault.Rule);
    }

    [Theory]
    [InlineData("lifted")]
    [InlineData("revoked")]
    public void EmptyList_IsNotWrittenAndNotRead(string member)
    {
        string good = Encoding.UTF8.GetString(Samples.Create("a", "{}").Encode());
        Assert.False(LogEntry.TryRead(Samples.Bytes(good[..^1] + $",\"{member}\":[]}}"), out _, out EntryFault fault));
        Assert.Equal(EntryFaultId.NotCanonical, fault.Id);
    }

    [Fact]
    public void EachTruncation_IsRefused()
    {
        byte[] good = Full.Encode();
        for (int i = 0; i < good.Length; i++)
        {
            Assert.False(LogEntry.TryRead(good.AsMemory(0, i), out _, out EntryFault fault));
            Assert.NotEqual(EntryFaultId.None, fault.Id);
        }
    }

    [Fact]
    public void TooManyBytes_AreNotLookedAt()
    {
        Assert.False(LogEntry.TryRead(new byte[LogEntry.MaxLength + 1], out _, out EntryFault fault));
        Assert.Equal(EntryFaultId.TooLong, fault.Id);
    }

    [Fact]
    public void DeepNesting_IsRefused()
    {
        string deep = new('[', 100_000);
        string good = Encoding.UTF8.GetString(Samples.Create("a", "17").Encode());
        Assert.False(LogEntry.TryRead(Samples.Bytes(good.Replace("17", deep, StringComparison.Ordinal)), out _, out EntryFault fault));
        Assert.Equal(EntryFaultId.Malformed, fault.Id);
    }

    [Fact]
    public void WhatCannotBeReadBack_IsNotWritten()
    {
        LogEntry good = Samples.Create("a", "{}");
        LogEntry[] bad =
        [
            good with { Tenant = "" }, good with { Action = "Not so" }, good with { Resource = "a" }, good with { Reason = "" }, good with { Reason = "\ud800" },
            good with { Reason = new string('x', 4097) }, good with { Actor = good.Actor with { Name = "" } },
            good with { Actor = good.Actor with { Claims = Enumerable.Range(0, 65).ToDictionary(i => $"c{i}", i => "") } },
            good with { After = Samples.Bytes(" {}") }, good with { After = Samples.Bytes("{}\n") }, good with { After = Samples.Bytes("{}{}") },
            good with { Before = Samples.Bytes("{\"a\":}") }, good with { Revoked = ["AB"] }, good with { Lifted = [Samples.Digest(1).ToUpperInvariant()] },
        ];
        Assert.All(bad, e => Assert.Throws<ArgumentException>(() => e.Encode()));
    }

    [Fact]
    public void AnyBytes_GiveAnAnswer() => Gen.Byte.Array[0, 300].Sample(b => !LogEntry.TryRead(b, out _, out EntryFault f) && f.Id != EntryFaultId.None);

    // A changed byte is either refused or gives an entry that is written as exactly those bytes: never two forms of one entry.
    [Fact]
    public void AnyChangedByte_IsRefusedOrKeptAsItIs() => Gen.Select(Gen.Int[0, Full.Encode().Length - 1], Gen.Byte).Sample((at, value) =>
    {
        byte[] bytes = Full.Encode();
        bytes[at] = value;
        return !LogEntry.TryRead(bytes, out LogEntry? read, out _) || read.Encode().AsSpan().SequenceEqual(bytes);
    });

    [Fact]
    public void AnyTexts_ComeBack() => Gen.Select(Gen.String[1, 40], Gen.String[0, 40], Gen.String[0, 40]).Sample((name, subject, text) =>
    {
        LogEntry entry = Full with
        {
            Actor = new(name, "i", subject, new Dictionary<string, string> { [text] = subject, [subject] = text }),
            After = Samples.Bytes(JsonSerializer.Serialize(text)),
        };
        byte[] bytes;
        try
        {
            bytes = entry.Encode();
        }
        catch (ArgumentException)
        {
            return (name + subject + text).Any(char.IsSurrogate);
        }

        return LogEntry.TryRead(bytes, out LogEntry? read, out _) && read.Actor.Name == name && read.Actor.Subject == subject
            && read.Actor.Claims[subject] == entry.Actor.Claims[subject] && read.After.Span.SequenceEqual(entry.After.Span);
    });
}
