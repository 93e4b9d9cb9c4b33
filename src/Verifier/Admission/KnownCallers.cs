using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Verifier.Service.Admission;

/// <summary>
/// Under which names bearer tokens were verified lately, so that at the door a caller is told from others at the same address without
/// checking a signature. It says for whose share a call counts and gives no right. Bounded: the older half is forgotten.
/// </summary>
internal sealed class KnownCallers
{
    private const int MostInHalf = 4096;
    private const int LongestOnStack = 4096;

    // Nobody can choose tokens that fall together.
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);
    private volatile ConcurrentDictionary<UInt128, string> _now = [];
    private volatile ConcurrentDictionary<UInt128, string> _before = [];

    public int Count => _now.Count + _before.Count;

    public UInt128 KeyOf(string authorization)
    {
        ReadOnlySpan<byte> text = MemoryMarshal.AsBytes(authorization.AsSpan());
        int length = _salt.Length + text.Length;
        Span<byte> salted = length <= LongestOnStack ? stackalloc byte[length] : new byte[length];
        _salt.CopyTo(salted);
        text.CopyTo(salted[_salt.Length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(salted, hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    /// <summary>Null: not seen lately.</summary>
    public string? NameOf(UInt128 key)
    {
        if (_now.TryGetValue(key, out string? name))
        {
            return name;
        }

        if (_before.TryGetValue(key, out name))
        {
            Remember(key, name);
        }

        return name;
    }

    /// <summary>Its token was verified.</summary>
    public void Remember(UInt128 key, string name)
    {
        if (_now.Count >= MostInHalf)
        {
            (_before, _now) = (_now, []);
        }

        _now[key] = name;
    }
}
