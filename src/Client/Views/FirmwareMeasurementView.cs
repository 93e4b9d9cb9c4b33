using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using SevSnp.Firmware;
using SevSnp.Launch;
using SevSnp.Measurement;

namespace Verifier.Client.Views;

/// <summary>What <c>measure firmware</c> gives: the measurement, and every input that decides it.</summary>
internal sealed record FirmwareMeasurementView
{
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; } = 1;

    public required string Measurement { get; init; }

    /// <summary>Launch kind, as a reference value has it.</summary>
    public required string Kind { get; init; }

    public required string Profile { get; init; }

    public required int Vcpus { get; init; }

    public string? CpuSignature { get; init; }

    public required string GuestFeatures { get; init; }

    public required string Fpu { get; init; }

    public required string VmsaGpa { get; init; }

    /// <summary>Digest after the firmware's pages, for <c>--ovmf-hash</c>.</summary>
    public required string FirmwareDigest { get; init; }

    public required MeasuredFileView Firmware { get; init; }

    public MeasuredFileView? Svsm { get; init; }

    public long? VarsSize { get; init; }

    /// <summary>Absent when kernel hashes are off.</summary>
    public KernelHashesView? KernelHashes { get; init; }

    /// <summary>Number of pages that entered the digest; those of a firmware that <c>--ovmf-hash</c> stands for are not among them.</summary>
    public required long Pages { get; init; }

    /// <summary>With <c>--steps</c>.</summary>
    public IEnumerable<LaunchStepView>? Steps { get; init; }

    public static FirmwareMeasurementView Of(FirmwareLaunch launch, LaunchMeasurement measurement) => new()
    {
        Measurement = measurement.Digest.ToString(),
        Kind = (launch.Profile.IsStage1 ? LaunchKind.Stage1 : LaunchKind.Ovmf).WireName(),
        Profile = launch.Profile.Name,
        Vcpus = launch.Vcpus,
        CpuSignature = launch.Profile.MeasuresCpuSignature ? launch.Cpu?.ToString() : null,
        GuestFeatures = string.Create(CultureInfo.InvariantCulture, $"0x{(ulong)launch.Features:x}"),
        Fpu = launch.EffectiveFpu.WireName(),
        VmsaGpa = string.Create(CultureInfo.InvariantCulture, $"0x{launch.EffectiveVmsaGpa:x}"),
        FirmwareDigest = (launch.FirmwareDigest ?? FirmwareMeasurer.MeasureFirmware(launch.Firmware)).ToString(),
        Firmware = MeasuredFileView.Of(launch.Firmware),
        Svsm = launch.Svsm is { } svsm ? MeasuredFileView.Of(svsm) : null,
        VarsSize = launch.VarsSize,
        KernelHashes = launch.Kernel is { } kernel
            ? new KernelHashesView(kernel.Kernel.ToString(), kernel.Initrd.ToString(), kernel.CommandLine.ToString())
            : null,
        Pages = measurement.PageCount,
        Steps = measurement.Steps.Count == 0 ? null : measurement.Steps.Select(LaunchStepView.Of),
    };
}

/// <summary>A file that was measured.</summary>
internal sealed record MeasuredFileView(int Size, string Sha384)
{
    public static MeasuredFileView Of(FirmwareImage image) => new(image.Bytes.Length, Convert.ToHexStringLower(SHA384.HashData(image.Bytes.Span)));
}

/// <summary>SHA-256 hashes that the firmware checks a kernel against; the command line with one NUL behind it.</summary>
internal sealed record KernelHashesView(string KernelSha256, string InitrdSha256, string CommandLineSha256);
