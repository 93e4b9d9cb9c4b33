using System.Globalization;

namespace Verifier.Service.Storage.Redis;

/// <summary>What a server tells by <c>INFO replication</c>.</summary>
/// <param name="IsPrimary">Whether it takes itself for a primary.</param>
/// <param name="HistoryId">The id of its history, <c>master_replid</c>: a replica that is made the primary gets a new one.</param>
/// <param name="Offset">How far its history goes.</param>
/// <param name="Acknowledged">How far each replica that is connected and past its first copy has said to be.</param>
internal sealed record RedisReplication(bool IsPrimary, string HistoryId, long Offset, IReadOnlyList<long> Acknowledged)
{
    private const string RoleLine = "role:master";
    private const string IdLine = "master_replid:";
    private const string OffsetLine = "master_repl_offset:";

    public static RedisReplication Parse(string info)
    {
        long offset = 0;
        List<long> acknowledged = [];
        foreach (ReadOnlySpan<char> line in info.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(OffsetLine, StringComparison.Ordinal))
            {
                _ = long.TryParse(line[OffsetLine.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out offset);
            }
            else if (line.StartsWith("slave", StringComparison.Ordinal) && line.Contains("state=online", StringComparison.Ordinal))
            {
                acknowledged.Add(OffsetOf(line));
            }
        }

        (bool isPrimary, string id) = Identity(info);
        return new(isPrimary, id, offset, acknowledged);
    }

    /// <summary>Role and history alone: this is asked with each call.</summary>
    public static (bool IsPrimary, string HistoryId) Identity(string info)
    {
        int at = info.IndexOf(IdLine, StringComparison.Ordinal);
        ReadOnlySpan<char> rest = at < 0 ? default : info.AsSpan(at + IdLine.Length);
        int end = rest.IndexOfAny('\r', '\n');
        string id = (end < 0 ? rest : rest[..end]).ToString();

        // Without a history there is nothing that could be proven of it.
        return (id.Length > 0 && info.Contains(RoleLine, StringComparison.Ordinal), id);
    }

    // What cannot be read has acknowledged nothing.
    private static long OffsetOf(ReadOnlySpan<char> line)
    {
        const string member = ",offset=";
        int at = line.IndexOf(member, StringComparison.Ordinal);
        ReadOnlySpan<char> rest = at < 0 ? default : line[(at + member.Length)..];
        int end = rest.IndexOf(',');
        return long.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long offset) ? offset : -1;
    }
}
