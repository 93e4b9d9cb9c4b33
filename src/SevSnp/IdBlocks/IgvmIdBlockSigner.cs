using System.Diagnostics.CodeAnalysis;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.IdBlocks;

/// <summary>Signs an ID block for an IGVM file and puts it into the file.</summary>
public static class IgvmIdBlockSigner
{
    /// <summary>Makes the ID block of a file, with the guest policy that the file states for SEV-SNP.</summary>
    /// <param name="file">The file.</param>
    /// <param name="measurement">What the file measures when it is launched as intended.</param>
    /// <param name="familyId">Family, 16 bytes; null for zero.</param>
    /// <param name="imageId">Image, 16 bytes; null for zero.</param>
    /// <param name="guestSvn">Security version of the guest.</param>
    /// <param name="block">The ID block.</param>
    /// <param name="fault">Why there is none.</param>
    /// <returns>True when the ID block was made.</returns>
    public static bool TryCreateBlock(
        IgvmFile file,
        Digest384 measurement,
        HexBytes? familyId,
        HexBytes? imageId,
        uint guestSvn,
        [NotNullWhen(true)] out IdBlock? block,
        out IdBlockFault fault)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (IgvmIdBlock.Policy(file, Mask(file)) is { } policy)
        {
            return IdBlock.TryCreate(measurement, familyId, imageId, guestSvn, new GuestPolicy(policy), out block, out fault);
        }

        (block, fault) = (null, new(IdBlockFaultId.PolicyIsAbsent, "GUEST_POLICY", -1, "the file must have one for SEV-SNP"));
        return false;
    }

    /// <summary>
    /// Adds an ID block and its page to a file. The measurement of the file stays the same. The result is read again, and must give the
    /// same ID block and page as a loader would put them together.
    /// </summary>
    /// <param name="file">The file; it is not changed, and the result keeps reading its data.</param>
    /// <param name="block">The ID block, made for this file.</param>
    /// <param name="auth">Keys and signatures over it.</param>
    /// <param name="result">The new file.</param>
    /// <param name="fault">Why there is none.</param>
    /// <returns>True when the ID block was added.</returns>
    public static bool TryAdd(IgvmFile file, IdBlock block, IdAuth auth, [NotNullWhen(true)] out IgvmFile? result, out IdBlockFault fault)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(auth);
        fault = default;
        if (!IgvmIdBlockWriter.TryAdd(file, IgvmIdBlock.ToHeader(Mask(file), block, auth), out result, out IgvmWriteFaultId obstacle))
        {
            fault = new(IdBlockFaultId.FileIsNotExtensible, "IGVM", -1, Rule(obstacle));
            return false;
        }

        bool isSame = IgvmIdBlock.TryFind(result, out IgvmIdBlock? found, out _)
            && found?.Auth is not null
            && found.Block.ToArray().AsSpan().SequenceEqual(block.ToArray())
            && found.Auth.ToArray().AsSpan().SequenceEqual(auth.ToArray());
        if (!isSame)
        {
            fault = new(IdBlockFaultId.FileIsNotExtensible, "GUEST_POLICY", -1, "the ID block must be for the guest policy of the file");
            result = null;
        }

        return isSame;
    }

    private static uint Mask(IgvmFile file) => file.Platform(IgvmPlatformType.SevSnp)?.CompatibilityMask ?? 0;

    private static string Rule(IgvmWriteFaultId obstacle) => obstacle switch
    {
        IgvmWriteFaultId.PlatformAbsent => "the file must be made for SEV-SNP",
        IgvmWriteFaultId.IdBlockPresent => "the file must have no ID block for SEV-SNP yet, since loaders take only one",
        IgvmWriteFaultId.OptionalHeaderPresent => "the file must have no unknown optional header, which may hold offsets of data that has to move",
        IgvmWriteFaultId.HeaderSectionInFixedHeader => "the variable headers must begin behind the fixed header",
        IgvmWriteFaultId.GapTooLarge => "the gap in front of the variable headers must not be larger than these may be",
        IgvmWriteFaultId.FileTooLarge => "the file must stay within the 4 GiB of the format",
        _ => "what was written must be readable again, with nothing else changed",
    };
}
