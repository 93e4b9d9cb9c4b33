using SevSnp.Checks;
using SevSnp.IdBlocks;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Primitives;
using Verifier.Client.Input;
using Verifier.Client.Output;

namespace Verifier.Client.Commands;

/// <summary>The ID block of an IGVM file, and the launch profiles under which the file is the guest that the block names.</summary>
/// <param name="Files">Block and keys; without a block when the file has none for SEV-SNP.</param>
/// <param name="Refusal">Why its keys and signatures cannot be used, or null.</param>
/// <param name="Profiles">The profiles, perhaps none; null without a block.</param>
internal sealed record IgvmIdBlocks(IdBlockFiles Files, string? Refusal, IReadOnlyList<LaunchProfile>? Profiles)
{
    private const int PieceSize = 1024 * 1024;

    /// <summary>The ID block that a file has.</summary>
    /// <exception cref="CommandFailure">The file or its ID block is malformed.</exception>
    public static IgvmIdBlocks Read(FileInfo file)
    {
        using MappedIgvmFile igvm = MappedIgvmFile.Open(file);
        if (!IgvmIdBlock.TryFind(igvm.Content, out IgvmIdBlock? found, out IdBlockFault fault))
        {
            throw Malformed(igvm, fault);
        }

        return found is null
            ? new(new IdBlockFiles(null, null, []), null, null)
            : new(new IdBlockFiles(found.Block, found.Auth, []), found.Auth is null ? found.AuthFault.ToString() : null, Matching(Measured(igvm), found.Block));
    }

    /// <summary>A new ID block for a file as a profile launches it.</summary>
    /// <exception cref="CommandFailure">The file cannot be measured, or states no guest policy.</exception>
    public static IdBlock Create(MappedIgvmFile igvm, LaunchProfile profile, (HexBytes? Family, HexBytes? Image, uint Svn) ids, out IReadOnlyList<LaunchProfile> profiles)
    {
        IReadOnlyList<IgvmMeasurement> measured = Measured(igvm);
        if (measured.Count == 0)
        {
            throw new CommandFailure(ExitCode.Malformed, $"{igvm.Name}: cannot be measured: it has no pages for SEV-SNP");
        }

        Digest384 measurement = measured.Single(m => m.Launch.Profile == profile).Digest;
        if (!IgvmIdBlockSigner.TryCreateBlock(igvm.Content, measurement, ids.Family, ids.Image, ids.Svn, out IdBlock? block, out IdBlockFault fault))
        {
            throw Malformed(igvm, fault);
        }

        profiles = Matching(measured, block);
        return block;
    }

    /// <summary>Writes a file with an ID block in it. A file that is there, even the one that is read, is replaced once the new one is complete.</summary>
    /// <exception cref="CommandFailure">The file cannot take an ID block, or cannot be written.</exception>
    public static void WriteWith(MappedIgvmFile igvm, IdBlock block, IdAuth auth, FileInfo target)
    {
        if (!IgvmIdBlockSigner.TryAdd(igvm.Content, block, auth, out IgvmFile? signed, out IdBlockFault fault))
        {
            throw CommandFailure.Usage($"{igvm.Name}: {fault}");
        }

        OutputFile.Write(target, Pieces(signed.Bytes));
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(IgvmBytes bytes)
    {
        for (long at = 0; at < bytes.Length; at += PieceSize)
        {
            yield return bytes.Slice(at, (int)Math.Min(PieceSize, bytes.Length - at)).ToArray();
        }
    }

    // A file without pages for SEV-SNP has no digest under any profile.
    private static IReadOnlyList<IgvmMeasurement> Measured(MappedIgvmFile igvm)
    {
        IgvmLaunch[] launches = [.. LaunchProfiles.All.Select(p => new IgvmLaunch { Profile = p })];
        return IgvmMeasurer.TryMeasureAll(igvm.Content, launches, out IReadOnlyList<IgvmMeasurement>? measured, out _) ? measured : [];
    }

    private static LaunchProfile[] Matching(IEnumerable<IgvmMeasurement> measured, IdBlock block) =>
        [.. measured.Where(m => m.Digest == block.Measurement).Select(m => m.Launch.Profile)];

    private static CommandFailure Malformed(MappedIgvmFile igvm, IdBlockFault fault) =>
        new(ExitCode.Malformed, $"{igvm.Name}: {fault}") { Fault = new EvidenceFault(CheckId.None, fault.Field, fault.Offset, fault.Rule) };
}
