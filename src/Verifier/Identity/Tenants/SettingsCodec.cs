using System.Text.Json;
using System.Text.Json.Serialization;
using Verifier.Service.Registry;

namespace Verifier.Service.Identity.Tenants;

/// <summary>Settings as they are stored. What is not understood completely is a fault of the store: a setting that was overlooked could open a tenant.</summary>
internal static partial class SettingsCodec
{
    private const int CurrentVersion = 1;

    public static byte[] Encode(TenantSettings s) => JsonSerializer.SerializeToUtf8Bytes(
        new SettingsDocument(CurrentVersion, s.OpenToAnyone, s.VerifyNeedsIdentity, s.RequireApproval, s.IncludeChipId), SettingsJson.Default.SettingsDocument);

    public static TenantSettings Decode(ReadOnlySpan<byte> json, string tenant)
    {
        try
        {
            SettingsDocument? d = JsonSerializer.Deserialize(json, SettingsJson.Default.SettingsDocument);
            return d is { V: CurrentVersion }
                ? new TenantSettings { OpenToAnyone = d.OpenToAnyone, VerifyNeedsIdentity = d.VerifyNeedsIdentity, RequireApproval = d.RequireApproval, IncludeChipId = d.IncludeChipId }
                : throw new JsonException("of an unknown version");
        }
        catch (JsonException e)
        {
            throw new StoreUnfitException($"The settings of tenant '{tenant}' cannot be read.", e);
        }
    }

    internal sealed record SettingsDocument(int V, bool OpenToAnyone, bool VerifyNeedsIdentity, bool RequireApproval, bool IncludeChipId);

    [JsonSerializable(typeof(SettingsDocument))]
    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false)]
    private sealed partial class SettingsJson : JsonSerializerContext;
}
