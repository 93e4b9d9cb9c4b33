using System.Globalization;
using System.Text.Json;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Policies.Documents;

/// <summary>The canonical document of a policy. The order of the calls is the order of the members.</summary>
internal static class PolicyWriter
{
    public static void Write(Utf8JsonWriter writer, AppraisalPolicy policy)
    {
        Constraints c = policy.EffectiveConstraints;
        writer.WriteStartObject();
        writer.WriteNumber("v", PolicyDocument.FormatVersion);
        Text(writer, "description", policy.Description.Length == 0 ? null : policy.Description);
        writer.WriteNumber("min_report_version", c.MinReportVersion!.Value);
        Numbers(writer, "vmpls", c.Vmpls!.Order());
        List(writer, "signing_keys", c.SigningKeys?.Order().Select(Words<KeyKind>.Of));
        List(writer, "csp_ids", c.CspIds!.Order(StringComparer.Ordinal));
        List(writer, "products", c.Products?.Order().Select(Words<ProductLine>.Of));
        Guest(writer, c.GuestPolicy);
        Platform(writer, c.PlatformInfo);
        Signer(writer, c.Signer);
        Text(writer, "host_data", c.HostData?.ToString());
        Floors(writer, c.TcbFloors);
        Text(writer, "min_firmware", c.MinFirmware?.ToString());
        Text(writer, "min_current_firmware", c.MinCurrentFirmware?.ToString());
        Text(writer, "required_mitigations", c.RequiredMitigations is { } mask ? string.Create(CultureInfo.InvariantCulture, $"0x{mask:x2}") : null);
        List(writer, "allowed_chips", Sorted(c.AllowedChips));
        List(writer, "denied_chips", Sorted(c.DeniedChips));
        writer.WriteString("revocation", Words<RevocationRule>.Of(policy.Revocation));
        List(writer, "required_advisories", policy.RequiredAdvisories.Count == 0 ? null : policy.RequiredAdvisories.Order(StringComparer.Ordinal));
        List(writer, "requests_may_state", policy.AdmittedExpectations?.Order().Select(Words<Expectation>.Of));
        foreach (string name in policy.UnsafeSwitches)
        {
            writer.WriteBoolean(name, true);
        }

        writer.WriteEndObject();
    }

    private static void Guest(Utf8JsonWriter writer, GuestPolicyRule? rule)
    {
        if (rule is not null)
        {
            writer.WriteStartObject("guest_policy");
            Bits<GuestPolicyBits>(writer, (ulong)rule.Required, (ulong)rule.Forbidden);
            Text(writer, "min_abi", rule is { MinAbiMajor: 0, MinAbiMinor: 0 } ? null : $"{rule.MinAbiMajor}.{rule.MinAbiMinor}");
            writer.WriteEndObject();
        }
    }

    private static void Platform(Utf8JsonWriter writer, PlatformInfoRule? rule)
    {
        if (rule is not null)
        {
            writer.WriteStartObject("platform_info");
            Bits<PlatformInfoBits>(writer, (ulong)rule.Required, (ulong)rule.Forbidden);
            writer.WriteEndObject();
        }
    }

    private static void Bits<T>(Utf8JsonWriter writer, ulong required, ulong forbidden)
        where T : struct, Enum
    {
        List(writer, "required", required == 0 ? null : BitWords.Of<T>(required));
        List(writer, "forbidden", forbidden == 0 ? null : BitWords.Of<T>(forbidden));
    }

    private static void Signer(Utf8JsonWriter writer, SignerRule? rule)
    {
        if (rule is null)
        {
            return;
        }

        writer.WriteStartObject("signer");
        if (rule is SignerRule.Pinned pinned)
        {
            List(writer, "id_key_digests", Sorted(pinned.IdKeyDigests));
            List(writer, "author_key_digests", Sorted(pinned.AuthorKeyDigests));
            if (pinned.MinGuestSvn > 0)
            {
                writer.WriteNumber("min_guest_svn", pinned.MinGuestSvn);
            }

            Text(writer, "family_id", pinned.FamilyId?.ToString());
            Text(writer, "image_id", pinned.ImageId?.ToString());
        }
        else
        {
            writer.WriteBoolean("no_id_block", true);
        }

        writer.WriteEndObject();
    }

    private static void Floors(Utf8JsonWriter writer, IReadOnlyList<TcbFloor> floors)
    {
        if (floors.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tcb_floors");
        foreach (TcbFloor floor in floors.OrderBy(f => f.Product).ThenBy(f => f.Cpu?.ToString() ?? "", StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            writer.WriteString("product", Words<ProductLine>.Of(floor.Product));
            Text(writer, "cpu", floor.Cpu?.ToString());
            Tcb(writer, "reported", floor.Reported);
            Tcb(writer, "committed", floor.Committed);
            Tcb(writer, "launch", floor.Launch);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Tcb(Utf8JsonWriter writer, string name, TcbVersion? version)
    {
        if (version is not { } tcb)
        {
            return;
        }

        writer.WriteStartObject(name);
        if (tcb.Layout == TcbLayout.Turin)
        {
            writer.WriteNumber("fmc", tcb.Fmc);
        }

        writer.WriteNumber("boot_loader", tcb.BootLoader);
        writer.WriteNumber("tee", tcb.Tee);
        writer.WriteNumber("snp", tcb.Snp);
        writer.WriteNumber("microcode", tcb.Microcode);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void Numbers(Utf8JsonWriter writer, string name, IEnumerable<uint> numbers)
    {
        writer.WriteStartArray(name);
        foreach (uint number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static void List(Utf8JsonWriter writer, string name, IEnumerable<string>? items)
    {
        if (items is null)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (string item in items)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }

    private static IEnumerable<string>? Sorted(IReadOnlySet<HexBytes>? set) => set?.Select(b => b.ToString()).Order(StringComparer.Ordinal);

    // An empty list is left out: only one of the two lists must name a key.
    private static IEnumerable<string>? Sorted(IReadOnlySet<Digest384> set) => set.Count == 0 ? null : set.Select(d => d.ToString()).Order(StringComparer.Ordinal);
}
