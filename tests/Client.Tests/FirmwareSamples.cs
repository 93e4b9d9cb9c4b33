using SevSnp.Firmware;
using Verifier.TestKit.Firmware;

namespace Verifier.Client.Tests;

/// <summary>Firmware that no build made, as files for the command line.</summary>
internal static class FirmwareSamples
{
    public static void WriteTo(DirectoryInfo folder)
    {
        Write("ovmf.fd", FirmwareImageBuilder.AmdSev());
        Write("ovmf-no-hashes.fd", FirmwareImageBuilder.AmdSev().WithoutSections().Section(0x80_0000, 0x1000, FirmwareSectionType.SecMem));
        Write("ovmf-no-reset.fd", FirmwareImageBuilder.AmdSev().Without(FirmwareImageBuilder.ResetBlock));
        Write("ovmf-bad-section.fd", FirmwareImageBuilder.AmdSev().Section(0x80_1000, 0x1000, FirmwareSectionType.SecMem));
        Write("svsm.bin", FirmwareImageBuilder.Stage1());

        void Write(string name, FirmwareImageBuilder image) => File.WriteAllBytes(Path.Combine(folder.FullName, name), image.Build());
    }
}
