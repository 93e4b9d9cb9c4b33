using System.CommandLine;
using System.Globalization;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace Verifier.Client.Options;

/// <summary>Options that name one launch: its measurement and its guest policy.</summary>
internal static class LaunchOptions
{
    public static Option<Digest384?> Measurement(string description, bool required = false) => new("--measurement")
    {
        Description = $"{description} ({Digest384.Size} bytes).",
        HelpName = "HEX",
        Required = required,
        CustomParser = result =>
        {
            if (Digest384.TryParse(result.Tokens[0].Value, out Digest384 digest) && !digest.IsZero)
            {
                return digest;
            }

            result.AddError($"--measurement must be {2 * Digest384.Size} hexadecimal digits, not all zero, not '{result.Tokens[0].Value}'");
            return null;
        },
    };

    public static Option<GuestPolicy?> Policy(string description, bool required = false) => new("--policy")
    {
        Description = description,
        HelpName = "HEX",
        Required = required,
        CustomParser = result =>
        {
            if (TryPolicy(result.Tokens[0].Value, out GuestPolicy policy))
            {
                return policy;
            }

            result.AddError($"--policy must be a guest policy such as 0x30000, with bit 17 one and bits 63 to 26 zero, not '{result.Tokens[0].Value}'");
            return null;
        },
    };

    private static bool TryPolicy(string text, out GuestPolicy policy)
    {
        string digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        bool isNumber = ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong raw);
        policy = new GuestPolicy(raw);
        return isNumber && policy.IsWellFormed;
    }
}
