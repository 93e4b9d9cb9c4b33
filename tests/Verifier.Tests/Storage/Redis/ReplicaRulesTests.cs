using Verifier.Service.Storage.Redis;

namespace Verifier.Tests.Storage.Redis;

public sealed class ReplicaRulesTests
{
    private const string Info =
        "# Replication\r\nrole:master\r\nconnected_slaves:3\r\n"
        + "slave0:ip=127.0.0.1,port=1,state=online,offset=140,lag=0\r\n"
        + "slave1:ip=127.0.0.1,port=2,state=wait_bgsave,offset=0,lag=0\r\n"
        + "slave2:ip=127.0.0.1,port=3,state=online,offset=139,lag=1\r\n"
        + "master_replid:0123456789abcdef0123456789abcdef01234567\r\nmaster_replid2:0000000000000000000000000000000000000000\r\n"
        + "master_repl_offset:140\r\nsecond_repl_offset:-1\r\n";

    [Fact]
    public void Replication_IsReadFromInfo_WithoutReplicasThatAreStillCopying()
    {
        RedisReplication told = RedisReplication.Parse(Info);
        Assert.Equal((true, "0123456789abcdef0123456789abcdef01234567", 140), (told.IsPrimary, told.HistoryId, told.Offset));
        Assert.Equal([140, 139], told.Acknowledged);
        Assert.Equal((true, told.HistoryId), RedisReplication.Identity(Info));
        Assert.False(RedisReplication.Parse(Info.Replace("role:master", "role:slave", StringComparison.Ordinal)).IsPrimary);
    }

    [Theory]
    [InlineData("")]
    [InlineData("slave0:state=online\r\nmaster_repl_offset:-5")]
    [InlineData("slave0:state=online,offset=x")]
    public void Nonsense_AcknowledgesNothing(string info) =>
        Assert.All(RedisReplication.Parse(info).Acknowledged, a => Assert.True(a < 0));

    // Two primaries at one time: whatever the split, only one side has a majority.
    [Fact]
    public void Majority_IsOnOneSideOnly()
    {
        for (int replicas = 1; replicas <= 16; replicas++)
        {
            int needed = ReplicaRules.Majority(replicas);
            for (int here = 0; here < replicas; here++)
            {
                // The other side has one replica made the primary, and the rest.
                int there = replicas - here - 1;
                Assert.False(here >= needed && there >= needed, $"{replicas}: {here} and {there}");
            }

            Assert.True(replicas >= needed);
        }

        Assert.Equal(0, ReplicaRules.Majority(0));
    }

    [Theory]
    // connected, acknowledged, known, expected: primary, change
    [InlineData(0, 0, 0, null, true, true)]
    [InlineData(0, 0, 1, null, false, false)]
    [InlineData(0, 0, 1, 0, true, true)]
    [InlineData(1, 1, 1, null, true, true)]
    [InlineData(1, 0, 1, null, false, false)]
    [InlineData(2, 1, 2, null, true, false)]
    [InlineData(1, 1, 2, null, true, false)]
    [InlineData(1, 1, 2, 1, true, true)]
    [InlineData(1, 1, 2, 2, true, false)]
    [InlineData(2, 2, 2, 2, true, true)]
    [InlineData(1, 1, 3, null, false, false)]
    [InlineData(2, 2, 3, null, true, false)]
    [InlineData(3, 3, 3, null, true, true)]
    [InlineData(1, 0, 1, 0, true, false)]
    public void Round_ProvesAPrimaryByAMajority_AndAChangeByAll(int connected, int acknowledged, int known, int? expected, bool primary, bool change)
    {
        RedisRound round = new(0, "id", connected, acknowledged, known);
        Assert.Equal((primary, change), (ReplicaRules.ProvesPrimary(round, expected), ReplicaRules.ProvesChange(round, expected)));
        Assert.False(ReplicaRules.ProvesChange(round with { Synced = -1 }, expected));
    }
}
