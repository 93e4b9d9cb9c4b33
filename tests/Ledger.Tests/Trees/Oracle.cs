using System.Security.Cryptography;

namespace Verifier.Ledger.Tests.Trees;

/// <summary>The definitions of RFC 9162 sections 2.1.1, 2.1.3.1 and 2.1.4.1 word for word: recursive, slow, and sharing no code with the library.</summary>
internal static class Oracle
{
    public static byte[] Leaf(byte[] entry) => SHA256.HashData([0, .. entry]);

    public static byte[] Root(ReadOnlySpan<byte[]> leaves) => leaves.Length switch
    {
        0 => SHA256.HashData([]),
        1 => leaves[0],
        var n => SHA256.HashData([1, .. Root(leaves[..Split(n)]), .. Root(leaves[Split(n)..])]),
    };

    /// <summary>PATH(m, D[n]).</summary>
    public static List<byte[]> Path(int m, ReadOnlySpan<byte[]> d)
    {
        if (d.Length == 1)
        {
            return [];
        }

        int k = Split(d.Length);
        return m < k ? [.. Path(m, d[..k]), Root(d[k..])] : [.. Path(m - k, d[k..]), Root(d[..k])];
    }

    /// <summary>PROOF(m, D[n]).</summary>
    public static List<byte[]> Proof(int m, ReadOnlySpan<byte[]> d) => Subproof(m, d, true);

    /// <summary>A log of small entries that all differ.</summary>
    public static byte[][] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => Leaf(BitConverter.GetBytes(i)))];

    private static List<byte[]> Subproof(int m, ReadOnlySpan<byte[]> d, bool whole)
    {
        if (m == d.Length)
        {
            return whole ? [] : [Root(d)];
        }

        int k = Split(d.Length);
        return m <= k ? [.. Subproof(m, d[..k], whole), Root(d[k..])] : [.. Subproof(m - k, d[k..], false), Root(d[..k])];
    }

    private static int Split(int n)
    {
        int k = 1;
        while (k * 2 < n)
        {
            k *= 2;
        }

        return k;
    }
}
