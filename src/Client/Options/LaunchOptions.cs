using System.CommandLine;
using System.Globalization;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace Verifier.Client.Options;

/// <summary>Options that name one launch: its measurement and its guest policy, or the profile that an IGVM file is launched under.</summary>
internal static class LaunchOptions
{
    private static readonly string ProfileNames = string.Join(", ", LaunchProfiles.All.Select(p => p.WireName()));

    public static Option<Digest384?> Measurement(string description) => Opt.Value<Digest384>(
        "--measurement",
        "HEX",
        $"{description} ({Digest384.Size} bytes).",
        $"{2 * Digest384.Size} hexadecimal digits, not all zero",
        (string text, out Digest384 digest) => Digest384.TryParse(text, out digest) && !digest.IsZero);

    public static Option<GuestPolicy?> Policy(string description) => Opt.Value<GuestPolicy>(
        "--policy", "HEX", description, "a guest policy such as 0x30000, with bit 17 one and bits 63 to 26 zero", TryPolicy);

    public static Option<LaunchProfile?> Profile(string description) =>
        Opt.Value<LaunchProfile>("--profile", "NAME", description, ProfileNames, (string text, out LaunchProfile profile) => LaunchProfiles.TryParse(text, out profile));

    private static bool TryPolicy(string text, out GuestPolicy policy)
    {
        string digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        bool isNumber = ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong raw);
        policy = new GuestPolicy(raw);
        return isNumber && policy.IsWellFormed;
    }
}
