using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SevSnp.Primitives;

namespace SevSnp.Policies;

/// <summary>
/// What REPORT_DATA must be, by exactly one named scheme, never tried one after another. Lengths are checked when a binding is
/// made, so that one that exists is always well formed.
/// </summary>
public sealed partial class ReportDataBinding
{
    /// <summary>Length of REPORT_DATA in bytes.</summary>
    public const int Size = 64;

    /// <summary>Most bytes of a manifest, or of all parts together.</summary>
    public const int MaxHashedSize = 16 * 1024;

    /// <summary>Most bytes of a challenge.</summary>
    public const int MaxChallengeSize = 1024;

    /// <summary>Most parts of the scheme <c>sha512</c>.</summary>
    public const int MaxParts = 16;

    /// <summary>Length of a coordinate on P-521 in bytes.</summary>
    public const int CoordinateSize = 66;

    // A shorter challenge repeats too soon to show when a report was made.
    private const int LeastFreshChallenge = 16;

    private ReportDataBinding(string scheme, ReadOnlySpan<byte> expected, IReadOnlyList<HexBytes> parts, bool showsFreshness)
    {
        Scheme = scheme;
        Expected = new HexBytes(expected);
        Parts = parts;
        ShowsFreshness = showsFreshness;
    }

    /// <summary>
    /// <c>report_data</c>, <c>nonce</c>, <c>svsm_manifest</c>, <c>svsm_negotiated</c>, <c>sha512</c>, or <c>challenge</c> and what else
    /// the challenge is hashed with: <c>challenge_svsm_manifest</c>, <c>challenge_svsm_negotiated</c>, <c>challenge_sha512</c>.
    /// </summary>
    public string Scheme { get; }

    /// <summary>The 64 bytes that REPORT_DATA must be.</summary>
    public HexBytes Expected { get; }

    /// <summary>The parts that were hashed, in order; empty for <c>report_data</c>, <c>nonce</c> and <c>challenge</c>.</summary>
    public IReadOnlyList<HexBytes> Parts { get; }

    /// <summary>
    /// True when the scheme carries a nonce or challenge that the caller chose freshly. A nonce of zeros, or a challenge of zeros or
    /// of fewer than 16 bytes, is still compared but shows no freshness.
    /// </summary>
    public bool ShowsFreshness { get; }

    /// <summary>Exactly these bytes.</summary>
    /// <param name="reportData">64 bytes.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TryExact(ReadOnlySpan<byte> reportData, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule)
    {
        rule = ExactLength("report_data", reportData, Size);
        binding = rule.Length == 0 ? new("report_data", reportData, [], showsFreshness: false) : null;
        return binding is not null;
    }

    /// <summary>A nonce that the caller chose freshly.</summary>
    /// <param name="nonce">64 bytes.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TryNonce(ReadOnlySpan<byte> nonce, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule)
    {
        rule = ExactLength("nonce", nonce, Size);
        binding = rule.Length == 0 ? new("nonce", nonce, [], IsNotZero(nonce)) : null;
        return binding is not null;
    }

    /// <summary>SHA-512 of a nonce and the SVSM's services manifest (AMD 58019, attestation protocol).</summary>
    /// <param name="nonce">64 bytes.</param>
    /// <param name="manifest">1 byte to 16 KiB.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TrySvsmManifest(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> manifest, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule)
    {
        rule = FirstOf(ExactLength("nonce", nonce, Size), LengthWithin("manifest", manifest, MaxHashedSize));
        binding = rule.Length == 0 ? Hashed("svsm_manifest", [new(nonce), new(manifest)], IsNotZero(nonce)) : null;
        return binding is not null;
    }

    /// <summary>SHA-512 of a challenge and the guest's P-521 key (COCONUT-SVSM early attestation).</summary>
    /// <param name="challenge">1 to 1024 bytes.</param>
    /// <param name="x">66 bytes, big endian.</param>
    /// <param name="y">66 bytes, big endian.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TrySvsmNegotiated(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule)
    {
        rule = FirstOf(LengthWithin("challenge", challenge, MaxChallengeSize), ExactLength("x", x, CoordinateSize), ExactLength("y", y, CoordinateSize));
        bool isFresh = challenge.Length >= LeastFreshChallenge && IsNotZero(challenge);
        binding = rule.Length == 0 ? Hashed("svsm_negotiated", [new(challenge), new(x), new(y)], isFresh) : null;
        return binding is not null;
    }

    /// <summary>SHA-512 of parts, one behind the other.</summary>
    /// <param name="parts">1 to 16 parts, 1 byte to 16 KiB together; each with the length its protocol fixes, which only the last may lack.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TrySha512(IReadOnlyList<(ReadOnlyMemory<byte> Value, uint? FixedLength)> parts, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule)
    {
        ArgumentNullException.ThrowIfNull(parts);
        rule = PartsRule(parts);
        binding = rule.Length == 0 ? Hashed("sha512", [.. parts.Select(p => new HexBytes(p.Value.Span))], showsFreshness: false) : null;
        return binding is not null;
    }

    /// <summary>Compares all 64 bytes.</summary>
    /// <param name="reportData">REPORT_DATA of a report.</param>
    /// <returns>True when equal.</returns>
    public bool Matches(HexBytes reportData)
    {
        ArgumentNullException.ThrowIfNull(reportData);
        return CryptographicOperations.FixedTimeEquals(Expected.Span, reportData.Span);
    }

    private static ReportDataBinding Hashed(string scheme, HexBytes[] parts, bool showsFreshness)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        foreach (HexBytes part in parts)
        {
            hash.AppendData(part.Span);
        }

        return new(scheme, hash.GetHashAndReset(), parts, showsFreshness);
    }

    // Fixed lengths, and at most one free end: two different lists can then never give the same bytes.
    private static string PartsRule(IReadOnlyList<(ReadOnlyMemory<byte> Value, uint? FixedLength)> parts)
    {
        if (parts.Count is < 1 or > MaxParts)
        {
            return $"must have 1 to {MaxParts} parts, has {parts.Count}";
        }

        for (int i = 0; i < parts.Count; i++)
        {
            if (parts[i].FixedLength is not { } length)
            {
                if (i != parts.Count - 1)
                {
                    return $"parts[{i}] must state its fixed length: only the last part may be variable";
                }
            }
            else if (length == 0 || length != (uint)parts[i].Value.Length)
            {
                return $"parts[{i}] must have its fixed length of {length} bytes, at least 1, has {parts[i].Value.Length}";
            }
        }

        long total = parts.Sum(p => (long)p.Value.Length);
        return total is >= 1 and <= MaxHashedSize ? "" : $"parts must have 1 to {MaxHashedSize} bytes together, have {total}";
    }

    private static string ExactLength(string name, ReadOnlySpan<byte> value, int size) =>
        value.Length == size ? "" : $"{name} must be exactly {size} bytes long, is {value.Length}";

    private static string LengthWithin(string name, ReadOnlySpan<byte> value, int most) =>
        value.Length >= 1 && value.Length <= most ? "" : $"{name} must be 1 to {most} bytes long, is {value.Length}";

    private static string FirstOf(params ReadOnlySpan<string> rules)
    {
        foreach (string rule in rules)
        {
            if (rule.Length != 0)
            {
                return rule;
            }
        }

        return "";
    }

    private static bool IsNotZero(ReadOnlySpan<byte> value) => value.ContainsAnyExcept((byte)0);
}
