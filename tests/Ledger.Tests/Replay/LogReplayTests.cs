namespace Verifier.Ledger.Tests.Replay;

/// <summary>What entries come to, and which entry breaks which rule.</summary>
public sealed class LogReplayTests
{
    private static readonly string Digest = Samples.Digest(1);

    [Fact]
    public void Resources_HaveTheirLastState()
    {
        LogReplay replay = Replayed(
            Samples.Create("a", "{\"n\":1}"), Samples.Create("b", "{\"n\":2}"), Samples.Change("a", "{\"n\":1}", "{\"n\":3}"), Samples.Change("b", "{\"n\":2}", null, "delete"));

        Assert.True(replay.TryGet("referenceValues/a", out ResourceState a));
        Assert.Equal(new ResourceState(2, LogReplay.Hash("{\"n\":3}"u8), true), a);
        Assert.True(replay.TryGet("referenceValues/b", out ResourceState b));
        Assert.Equal(new ResourceState(3, default, false), b);
        Assert.False(replay.TryGet("referenceValues/c", out _));
        Assert.Equal((4, 1), (replay.Count, replay.ResourceCount));
        Assert.Equal([2L], replay.LastLeaves);
    }

    [Fact]
    public void RemovedResource_CanBeMadeAnew()
    {
        LogReplay replay = Replayed(Samples.Create("a", "1"), Samples.Change("a", "1", null), Samples.Create("a", "2"));
        Assert.True(replay.TryGet("referenceValues/a", out ResourceState a));
        Assert.Equal(new ResourceState(2, LogReplay.Hash("2"u8), true), a);
        Assert.Equal(1, replay.ResourceCount);
    }

    [Fact]
    public void Bodies_AreKeptOnlyWhenAsked()
    {
        LogEntry[] entries = [Samples.Create("a", "1"), Samples.Change("a", "1", "22")];
        LogReplay keeping = new("default", keepBodies: true);
        Assert.All(entries, e => Assert.True(keeping.TryApply(e, out _)));
        Assert.True(keeping.TryGetBody("referenceValues/a", out ReadOnlyMemory<byte> body));
        Assert.Equal("22"u8.ToArray(), body.ToArray());
        Assert.False(Replayed(entries).TryGetBody("referenceValues/a", out _));
        Assert.True(keeping.TryApply(Samples.Change("a", "22", null), out _));
        Assert.False(keeping.TryGetBody("referenceValues/a", out _));
    }

    [Fact]
    public void Revocations_HoldUntilLifted()
    {
        LogEntry revoke = Samples.Change("a", "1", "2", "revoke") with { Revoked = [Digest, Samples.Digest(2)] };
        LogReplay replay = Replayed(Samples.Create("a", "1"), revoke);
        Assert.True(replay.IsRevoked(Convert.FromHexString(Digest)));
        Assert.True(replay.TryGetRevocation(Convert.FromHexString(Digest), out long leaf));
        Assert.Equal(1, leaf);
        Assert.False(replay.IsRevoked(Convert.FromHexString(Samples.Digest(3))));
        Assert.False(replay.IsRevoked(Convert.FromHexString(Digest).AsSpan(1)));
        Assert.Equal([Digest, Samples.Digest(2)], replay.Revoked.Order());

        Assert.True(replay.TryApply(Samples.Create("b", "1") with { Resource = "liftRequests/b", Lifted = [Digest] }, out ReplayFault fault), fault.ToString());
        Assert.False(replay.IsRevoked(Convert.FromHexString(Digest)));
        Assert.True(replay.IsRevoked(Convert.FromHexString(Samples.Digest(2))));
        Assert.Equal(1, replay.RevokedCount);
    }

    // Two reference values can have one measurement, and each can be revoked.
    [Fact]
    public void SecondRevocationOfAMeasurement_IsAllowed()
    {
        LogReplay replay = Replayed(
            Samples.Create("a", "1") with { Revoked = [Digest] }, Samples.Create("b", "1") with { Revoked = [Digest] }, Samples.Create("c", "1") with { Lifted = [Digest] });
        Assert.Equal(0, replay.RevokedCount);
    }

    public static TheoryData<string, ReplayRule> Broken => new(
        ("other tenant", ReplayRule.TenantMatches),
        ("older by more than five minutes", ReplayRule.TimeDoesNotGoBack),
        ("created twice", ReplayRule.BeforeIsLastAfter),
        ("before is not the last after", ReplayRule.BeforeIsLastAfter),
        ("before of what never was", ReplayRule.BeforeIsLastAfter),
        ("before of what was removed", ReplayRule.BeforeIsLastAfter),
        ("put back as before its revocation", ReplayRule.BeforeIsLastAfter),
        ("nothing changes", ReplayRule.SomethingChanges),
        ("lifts what is not revoked", ReplayRule.LiftedWasRevoked),
        ("lifts twice", ReplayRule.NotRevokedAndLifted),
        ("revokes and lifts", ReplayRule.NotRevokedAndLifted));

    [Theory]
    [MemberData(nameof(Broken))]
    public void BrokenRule_IsNamedWithItsEntry(string what, ReplayRule rule)
    {
        LogReplay replay = Replayed(
            Samples.Create("a", "1"), Samples.Change("a", "1", "2", "revoke") with { Revoked = [Digest] }, Samples.Create("gone", "1"), Samples.Change("gone", "1", null));
        LogEntry bad = what switch
        {
            "other tenant" => Samples.Create("b", "1") with { Tenant = "other" },
            "older by more than five minutes" => Samples.Create("b", "1") with { At = Samples.At - LogReplay.ClockTolerance - TimeSpan.FromTicks(1) },
            "created twice" => Samples.Create("a", "1"),
            "before is not the last after" => Samples.Change("a", "3", "4"),
            "before of what never was" => Samples.Change("b", "1", "2"),
            "before of what was removed" => Samples.Change("gone", "1", "2"),
            "put back as before its revocation" => Samples.Change("a", "1", "1"),
            "nothing changes" => Samples.Create("b", "1") with { After = default },
            "lifts what is not revoked" => Samples.Create("b", "1") with { Lifted = [Samples.Digest(9)] },
            "lifts twice" => Samples.Create("b", "1") with { Lifted = [Digest, Digest] },
            "revokes and lifts" => Samples.Create("b", "1") with { Revoked = [Digest], Lifted = [Digest] },
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };

        Assert.False(replay.TryApply(bad, out ReplayFault fault));
        Assert.Equal((rule, 4L), (fault.Rule, fault.Index));
        Assert.False(replay.TryApply(bad.Encode(), out LogEntry? none, out fault));
        Assert.Equal((rule, 4L), (fault.Rule, fault.Index));
        Assert.Null(none);
        Assert.Equal((4, 1), (replay.Count, replay.RevokedCount));
        Assert.True(replay.TryApply(Samples.Create("b", "1"), out _));
    }

    [Fact]
    public void ClocksThatDiffALittle_AreAllowed()
    {
        LogReplay replay = Replayed(Samples.Create("a", "1"), Samples.Create("b", "1") with { At = Samples.At - LogReplay.ClockTolerance });

        // Measured from the latest time seen, so that small steps back do not add up.
        Assert.False(replay.TryApply(Samples.Create("c", "1") with { At = Samples.At - (2 * LogReplay.ClockTolerance) }, out ReplayFault fault));
        Assert.Equal(ReplayRule.TimeDoesNotGoBack, fault.Rule);
    }

    [Fact]
    public void UnreadableEntry_IsNamed()
    {
        LogReplay replay = Replayed(Samples.Create("a", "1"));
        Assert.False(replay.TryApply("{\"v\":2}"u8.ToArray(), out _, out ReplayFault fault));
        Assert.Equal((ReplayRule.EntryIsReadable, 1L), (fault.Rule, fault.Index));
    }

    // Leaving out, doubling or exchanging entries of one resource never goes unnoticed.
    [Fact]
    public void AnyOtherOrderOfOneResource_IsRefused()
    {
        LogEntry[] good = [Samples.Create("a", "1"), Samples.Change("a", "1", "2"), Samples.Change("a", "2", "3"), Samples.Change("a", "3", "4")];
        Replayed(good);
        for (int i = 0; i < good.Length; i++)
        {
            Assert.False(Applies([.. good.Take(i + 1), .. good.Skip(i)]), $"entry {i} doubled");
            for (int j = i + 1; j < good.Length; j++)
            {
                LogEntry[] swapped = [.. good];
                (swapped[i], swapped[j]) = (swapped[j], swapped[i]);
                Assert.False(Applies(swapped), $"entries {i} and {j} exchanged");
            }

            if (i < good.Length - 1)
            {
                Assert.False(Applies([.. good.Take(i), .. good.Skip(i + 1)]), $"entry {i} left out");
            }
        }
    }

    private static bool Applies(IEnumerable<LogEntry> entries)
    {
        LogReplay replay = new("default");
        return entries.All(e => replay.TryApply(e, out _));
    }

    private static LogReplay Replayed(params LogEntry[] entries)
    {
        LogReplay replay = new("default");
        foreach (LogEntry entry in entries)
        {
            Assert.True(replay.TryApply(entry.Encode(), out _, out ReplayFault fault), fault.ToString());
        }

        return replay;
    }
}
