using SevSnp.Checks;
using SevSnp.IdBlocks;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using Verifier.Client.Input;

namespace Verifier.Client.Commands;

/// <summary>The ID block of an IGVM file, and the launch profiles under which the file is the guest that the block names.</summary>
/// <param name="Files">Block and keys; without a block when the file has none for SEV-SNP.</param>
/// <param name="Refusal">Why its keys and signatures cannot be used, or null.</param>
/// <param name="Profiles">The profiles, perhaps none; null without a block.</param>
internal sealed record IgvmIdBlocks(IdBlockFiles Files, string? Refusal, IReadOnlyList<LaunchProfile>? Profiles)
{
    /// <exception cref="CommandFailure">The file or its ID block is malformed.</exception>
    public static IgvmIdBlocks Read(FileInfo file)
    {
        using MappedIgvmFile igvm = MappedIgvmFile.Open(file);
        if (!IgvmIdBlock.TryFind(igvm.Content, out IgvmIdBlock? found, out IdBlockFault fault))
        {
            throw new CommandFailure(ExitCode.Malformed, $"{file}: {fault}") { Fault = new EvidenceFault(CheckId.None, fault.Field, fault.Offset, fault.Rule) };
        }

        return found is null
            ? new(new IdBlockFiles(null, null, []), null, null)
            : new(new IdBlockFiles(found.Block, found.Auth, []), found.Auth is null ? found.AuthFault.ToString() : null, Matching(igvm.Content, found.Block));
    }

    // A file without pages for SEV-SNP has no digest under any profile.
    private static LaunchProfile[] Matching(IgvmFile file, IdBlock block)
    {
        IgvmLaunch[] launches = [.. LaunchProfiles.All.Select(p => new IgvmLaunch { Profile = p })];
        return IgvmMeasurer.TryMeasureAll(file, launches, out IReadOnlyList<IgvmMeasurement>? measured, out _)
            ? [.. measured.Where(m => m.Digest == block.Measurement).Select(m => m.Launch.Profile)]
            : [];
    }
}
