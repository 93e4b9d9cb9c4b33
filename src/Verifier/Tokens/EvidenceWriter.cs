using System.Text.Json;
using SevSnp.Judgement;
using SevSnp.Launch;
using SevSnp.References;
using SevSnp.Results;

namespace Verifier.Service.Tokens;

/// <summary>Writes what an authentic report states, and what it was matched with. Bytes are lower-case hexadecimal in memory order.</summary>
internal static class EvidenceWriter
{
    public static void Write(Utf8JsonWriter json, EvidenceClaims evidence, AttestationResult result, TokenSettings settings)
    {
        json.WriteStartObject();
        json.WriteNumber("report_version", evidence.ReportVersion);
        json.WriteString("product", evidence.Product.ToString());
        json.WriteString("signing_key", evidence.SigningKey.ToString().ToUpperInvariant());
        WriteIfAny(json, "csp_id", evidence.CspId);
        json.WriteBoolean("unsafe_extra_root", evidence.IsUnsafeExtraRoot);
        json.WriteString("measurement", evidence.Measurement.ToString());
        json.WriteNumber("vmpl", evidence.Vmpl);
        json.WriteString("guest_policy", evidence.Policy.ToString());
        json.WriteString("platform_info", evidence.PlatformInfo.ToString());
        json.WriteString("report_data", evidence.ReportData.ToString());
        json.WriteString("report_data_scheme", result.Scheme);
        json.WriteBoolean("report_data_bound", result.IsBound);
        json.WriteString("host_data", evidence.HostData.ToString());
        json.WriteNumber("guest_svn", evidence.GuestSvn);
        json.WriteString("family_id", evidence.FamilyId.ToString());
        json.WriteString("image_id", evidence.ImageId.ToString());
        WriteIfAny(json, "id_key_digest", evidence.IdBlockSigners is [var id, ..] ? id.ToString() : null);
        WriteIfAny(json, "author_key_digest", evidence.IdBlockSigners is [_, var author] ? author.ToString() : null);
        WriteTcb(json, "reported_tcb", evidence.Tcbs.Reported);
        WriteTcb(json, "committed_tcb", evidence.Tcbs.Committed);
        WriteTcb(json, "current_tcb", evidence.Tcbs.Current);
        WriteTcb(json, "launch_tcb", evidence.Tcbs.Launch);
        json.WriteString("current_firmware", evidence.CurrentFirmware.ToString());
        json.WriteString("committed_firmware", evidence.CommittedFirmware.ToString());
        WriteIfAny(json, "chip_id", settings.IncludeChipId ? evidence.ChipId?.ToString() : null);
        if (result.Reference is { } reference)
        {
            WriteReference(json, reference);
        }

        json.WriteEndObject();
    }

    private static void WriteTcb(Utf8JsonWriter json, string name, TcbVersion tcb)
    {
        json.WriteStartObject(name);
        if (tcb.Layout == TcbLayout.Turin)
        {
            json.WriteNumber("fmc", tcb.Fmc);
        }

        json.WriteNumber("boot_loader", tcb.BootLoader);
        json.WriteNumber("tee", tcb.Tee);
        json.WriteNumber("snp", tcb.Snp);
        json.WriteNumber("microcode", tcb.Microcode);
        json.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter json, MatchedReference match)
    {
        json.WriteStartObject("reference");
        json.WriteString("name", match.Value.Name);
        json.WriteString("image", match.Value.Image);
        json.WriteString("version", match.Value.Version);
        json.WriteString("kind", match.Value.Kind.WireName());
        WriteIfAny(json, "profile", match.Measurement?.Profile);
        json.WriteBoolean("by_signer", match.Measurement is null);
        json.WriteBoolean("deprecated", match.Value.State == ReferenceState.Deprecated);
        json.WriteEndObject();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json.WriteString(name, text);
        }
    }
}
