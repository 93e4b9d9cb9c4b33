using SevSnp.Primitives;

namespace SevSnp.Policies;

/// <summary>Which policy it was, so that a reader of a verdict can tell it from every other.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Version">Its version where it was stored, counted from 1; 0 for one that was not.</param>
/// <param name="Sha256">SHA-256 of the policy's canonical document, 32 bytes. The name is no part of it: equal policies have equal hashes.</param>
public sealed record PolicyIdentity(string Name, long Version, HexBytes Sha256)
{
    /// <summary>Name, version and the first hexadecimal digits of the hash, for example <c>default@3 (sha256 5f2b1c0a9d3e...)</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        const int ShownDigits = 12;
        string version = Version == 0 ? "" : $"@{Version}";
        return $"{Name}{version} (sha256 {Sha256.ToString()[..ShownDigits]}...)";
    }
}
