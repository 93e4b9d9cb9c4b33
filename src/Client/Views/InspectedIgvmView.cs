using System.Text.Json.Serialization;
using SevSnp.IdBlocks;
using SevSnp.Igvm;
using SevSnp.Launch;
using Verifier.Client.Commands;
using Verifier.Client.Output;

namespace Verifier.Client.Views;

/// <summary>What <c>inspect igvm</c> gives.</summary>
internal sealed record InspectedIgvmView
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public required string File { get; init; }

    public required long Size { get; init; }

    public required int FormatVersion { get; init; }

    public required string Architecture { get; init; }

    /// <summary>Number of headers of each type.</summary>
    public required IReadOnlyDictionary<string, int> Headers { get; init; }

    public required IReadOnlyList<IgvmPlatformView> Platforms { get; init; }

    /// <summary>The ID block for SEV-SNP, as <c>idblock show</c> gives it.</summary>
    public IdBlockFilesView? IdBlock { get; init; }

    /// <summary>What is wrong with the file although it is not refused.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    public static InspectedIgvmView Of(string name, IgvmFile file, IgvmIdBlocks? block, string? finding) => new()
    {
        File = name,
        Size = file.Length,
        FormatVersion = file.FormatVersion,
        Architecture = file.Architecture.ToString().ToLowerInvariant(),
        Headers = file.Headers.GroupBy(TypeName).ToDictionary(g => g.Key, g => g.Count()),
        Platforms = [.. file.Platforms.Select(p => IgvmPlatformView.Of(IgvmSummary.Of(file, p)))],
        IdBlock = block is null ? null : Of(block),
        Findings = finding is null ? [.. IgvmFindingsText.Warnings(file)] : [.. IgvmFindingsText.Warnings(file), finding],
    };

    private static string TypeName(IgvmHeader header) => !header.IsOptional && Enum.IsDefined(header.Type)
        ? System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(header.Type.ToString())
        : $"0x{header.RawType:x}";

    private static IdBlockFilesView Of(IgvmIdBlocks found)
    {
        (IdBlock? block, IdAuth? auth, _) = found.Files;
        IdBlockMatch match = found.Profiles is { Count: > 0 } ? IdBlockMatch.Matches : IdBlockMatch.MeasurementDiffers;
        return IdBlockFilesView.Of(block, auth, [], block is null ? null : auth?.Verify(block), match) with
        {
            Refusal = found.Refusal,
            LaunchProfiles = found.Profiles is null ? null : [.. found.Profiles.Select(p => p.WireName())],
        };
    }
}

/// <summary>What a file holds for one platform.</summary>
internal sealed record IgvmPlatformView(
    string Type,
    string CompatibilityMask,
    int HighestVtl,
    string? SharedGpaBoundary,
    IReadOnlyList<string> Policies,
    IgvmPagesView Pages,
    long RequiredMemoryBytes,
    IReadOnlyList<IgvmContextView> VpContexts,
    int IdBlocks,
    int Corims)
{
    public static IgvmPlatformView Of(IgvmSummary summary) => new(
        summary.Platform.Type.WireName(),
        $"0x{summary.Platform.CompatibilityMask:x}",
        summary.Platform.HighestVtl,
        summary.Platform.SharedGpaBoundary == 0 ? null : $"0x{summary.Platform.SharedGpaBoundary:x}",
        [.. summary.Policies.Select(p => $"0x{p:x}")],
        new(summary.ContentPages, summary.ZeroPages, summary.UnmeasuredPages, summary.SharedPages, summary.SecretsPages, summary.CpuidPages, summary.ParameterPages),
        summary.RequiredMemoryBytes,
        [.. summary.VpContexts.Select(c => new IgvmContextView(c.VpIndex, $"0x{c.Gpa:x}"))],
        summary.IdBlocks.Count,
        summary.Corims.Count);
}

/// <summary>Numbers of pages of 4 KiB.</summary>
internal sealed record IgvmPagesView(long Content, long Zero, long Unmeasured, long Shared, long Secrets, long Cpuid, long Parameter);

internal sealed record IgvmContextView(int VpIndex, string Gpa);
