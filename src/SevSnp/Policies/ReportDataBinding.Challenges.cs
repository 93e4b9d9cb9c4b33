using System.Diagnostics.CodeAnalysis;
using SevSnp.Primitives;

namespace SevSnp.Policies;

/// <content>Bindings by a challenge that a verifier issued, so that it knows whether the challenge was used before.</content>
public sealed partial class ReportDataBinding
{
    private const string ChallengeScheme = "challenge";

    private ReportDataBinding(ReportDataBinding made, string scheme, HexBytes challenge)
        : this(scheme, made.Expected.Span, made.Parts, made.ShowsFreshness) => Challenge = challenge;

    /// <summary>
    /// The 64 bytes of the challenge, which must have been issued and must be used up by whoever issued it before the report is judged;
    /// null for schemes with bytes of the caller's. See <see cref="Expectations.ChallengeIsSpent"/>.
    /// </summary>
    public HexBytes? Challenge { get; }

    /// <summary>REPORT_DATA is an issued challenge itself.</summary>
    /// <param name="challenge">64 bytes.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TryChallenge(ReadOnlySpan<byte> challenge, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule)
    {
        binding = IsChallenge(challenge, out rule) && TryNonce(challenge, out ReportDataBinding? made, out rule)
            ? new(made, ChallengeScheme, new HexBytes(challenge))
            : null;
        return binding is not null;
    }

    /// <summary>SHA-512 of an issued challenge, as the nonce, and the SVSM's services manifest.</summary>
    /// <param name="challenge">64 bytes.</param>
    /// <param name="manifest">1 byte to 16 KiB.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TryChallengeWithManifest(
        ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> manifest, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule)
    {
        binding = IsChallenge(challenge, out rule) && TrySvsmManifest(challenge, manifest, out ReportDataBinding? made, out rule) ? Issued(made) : null;
        return binding is not null;
    }

    /// <summary>SHA-512 of an issued challenge and the guest's P-521 key.</summary>
    /// <param name="challenge">64 bytes.</param>
    /// <param name="x">66 bytes, big endian.</param>
    /// <param name="y">66 bytes, big endian.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TryChallengeWithKey(
        ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y, [NotNullWhen(true)] out ReportDataBinding? binding, out string rule)
    {
        binding = IsChallenge(challenge, out rule) && TrySvsmNegotiated(challenge, x, y, out ReportDataBinding? made, out rule) ? Issued(made) : null;
        return binding is not null;
    }

    /// <summary>SHA-512 of an issued challenge and further parts behind it, for example the key that the guest will use.</summary>
    /// <param name="challenge">64 bytes.</param>
    /// <param name="parts">1 to 15 parts as for <see cref="TrySha512"/>; with the challenge at most 16 KiB together.</param>
    /// <param name="binding">The binding.</param>
    /// <param name="rule">The rule that was broken.</param>
    /// <returns>True when well formed.</returns>
    public static bool TryChallengeWithParts(
        ReadOnlySpan<byte> challenge,
        IReadOnlyList<(ReadOnlyMemory<byte> Value, uint? FixedLength)> parts,
        [NotNullWhen(true)] out ReportDataBinding? binding,
        out string rule)
    {
        ArgumentNullException.ThrowIfNull(parts);
        binding = null;
        if (IsChallenge(challenge, out rule))
        {
            rule = parts.Count is < 1 or >= MaxParts ? $"must have 1 to {MaxParts - 1} parts beside the challenge, has {parts.Count}" : "";
        }

        if (rule.Length == 0 && TrySha512([(challenge.ToArray(), Size), .. parts], out ReportDataBinding? made, out rule))
        {
            binding = Issued(made);
        }

        return binding is not null;
    }

    private static bool IsChallenge(ReadOnlySpan<byte> challenge, out string rule)
    {
        rule = ExactLength(ChallengeScheme, challenge, Size);
        return rule.Length == 0;
    }

    private static ReportDataBinding Issued(ReportDataBinding made) => new(made, $"{ChallengeScheme}_{made.Scheme}", made.Parts[0]);
}
