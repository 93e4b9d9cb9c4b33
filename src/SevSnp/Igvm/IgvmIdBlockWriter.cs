using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using SevSnp.Igvm.Reading;
using SevSnp.Igvm.Writing;

namespace SevSnp.Igvm;

/// <summary>Why an ID block cannot be added to a file. Names are never changed.</summary>
public enum IgvmWriteFaultId
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>The compatibility mask of the block is not that of SEV-SNP in the file.</summary>
    PlatformAbsent = 1,

    /// <summary>The file has an ID block for SEV-SNP already; QEMU refuses a second one.</summary>
    IdBlockPresent = 2,

    /// <summary>The file has an unknown optional header. Data must move to make room, and that header may hold offsets of it.</summary>
    OptionalHeaderPresent = 3,

    /// <summary>The variable headers overlap the fixed header, so that neither can be written anew.</summary>
    HeaderSectionInFixedHeader = 4,

    /// <summary>The file would exceed the 4 GiB of the format.</summary>
    FileTooLarge = 5,

    /// <summary>What was written is refused when it is read again, or differs in more than the block.</summary>
    ResultRefused = 6,

    /// <summary>The gap in front of the variable headers is larger than the limit of the headers themselves.</summary>
    GapTooLarge = 7,
}

/// <summary>
/// Adds an ID block to a file without losing anything: format version, gaps, padding and all headers stay, in their order; data moves as
/// one piece. The launch digest stays the same. What was written is read again and compared before it is handed out.
/// </summary>
public static class IgvmIdBlockWriter
{
    private const int Growth = IgvmHeader.PrefixSize + SnpIdBlockHeader.Size;

    /// <summary>Adds an ID block as the last directive.</summary>
    /// <param name="file">The file; it is not changed, and the result keeps reading its data.</param>
    /// <param name="idBlock">The block as in a file, <see cref="SnpIdBlockHeader.Size"/> bytes.</param>
    /// <param name="result">The new file.</param>
    /// <param name="fault">Why there is none.</param>
    /// <returns>True when the block was added.</returns>
    /// <exception cref="ArgumentException">The block has another length: a defect of the caller.</exception>
    public static bool TryAdd(IgvmFile file, ReadOnlySpan<byte> idBlock, [NotNullWhen(true)] out IgvmFile? result, out IgvmWriteFaultId fault)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (idBlock.Length != SnpIdBlockHeader.Size)
        {
            throw new ArgumentException($"An ID block has {SnpIdBlockHeader.Size} bytes, not {idBlock.Length}.", nameof(idBlock));
        }

        result = null;
        fault = Obstacle(file, SnpIdBlockHeader.CompatibilityMask(idBlock));
        if (fault != IgvmWriteFaultId.None)
        {
            return false;
        }

        SplicedBytes bytes = new(Front(file, idBlock), file.Bytes, file.DataStart);
        IgvmReadOptions options = new() { Limits = file.Limits };
        if (IgvmReader.TryRead(bytes, options, out IgvmFile? read, out _) && IsSame(file, read, idBlock))
        {
            result = read;
            return true;
        }

        fault = IgvmWriteFaultId.ResultRefused;
        return false;
    }

    private static IgvmWriteFaultId Obstacle(IgvmFile file, uint mask)
    {
        if (mask == 0 || file.Platform(IgvmPlatformType.SevSnp)?.CompatibilityMask != mask)
        {
            return IgvmWriteFaultId.PlatformAbsent;
        }

        HeaderWalker walker = file.Walk();
        while (walker.MoveNext())
        {
            if (walker.Current.IsOptional)
            {
                return IgvmWriteFaultId.OptionalHeaderPresent;
            }

            if (walker.Current.Type == IgvmHeaderType.SnpIdBlock && (SnpIdBlockHeader.CompatibilityMask(walker.Body) & mask) != 0)
            {
                return IgvmWriteFaultId.IdBlockPresent;
            }
        }

        return file.HeaderSectionOffset < file.FixedHeaderSize ? IgvmWriteFaultId.HeaderSectionInFixedHeader
            : file.HeaderSectionOffset - file.FixedHeaderSize > file.Limits.MaxHeaderSectionBytes ? IgvmWriteFaultId.GapTooLarge
            : file.Length + Growth > uint.MaxValue ? IgvmWriteFaultId.FileTooLarge
            : IgvmWriteFaultId.None;
    }

    private static byte[] Front(IgvmFile file, ReadOnlySpan<byte> idBlock)
    {
        int oldSize = (int)file.DataStart;
        byte[] front = new byte[oldSize + Growth];
        file.Bytes.Slice(0, oldSize).CopyTo(front);
        HeaderWalker walker = file.Walk();
        while (walker.MoveNext())
        {
            FileOffsets.Move(walker.Current.Type, front.AsSpan((int)walker.Current.BodyOffset, walker.Current.Length), Growth);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(front.AsSpan(oldSize), (uint)IgvmHeaderType.SnpIdBlock);
        BinaryPrimitives.WriteUInt32LittleEndian(front.AsSpan(oldSize + 4), SnpIdBlockHeader.Size);
        idBlock.CopyTo(front.AsSpan(oldSize + IgvmHeader.PrefixSize));
        FixedHeaderWriter.Finish(front, file.FixedHeaderSize, (int)file.HeaderSectionOffset, (uint)(file.Length + Growth));
        return front;
    }

    // Data is the same memory; what could have been lost is in front of it.
    private static bool IsSame(IgvmFile before, IgvmFile after, ReadOnlySpan<byte> idBlock)
    {
        int gap = (int)before.HeaderSectionOffset - before.FixedHeaderSize;
        if (before.FormatVersion != after.FormatVersion
            || before.Architecture != after.Architecture
            || before.HeaderSectionOffset != after.HeaderSectionOffset
            || !before.Bytes.Slice(before.FixedHeaderSize, gap).SequenceEqual(after.Bytes.Slice(after.FixedHeaderSize, gap)))
        {
            return false;
        }

        HeaderWalker old = before.Walk();
        HeaderWalker now = after.Walk();
        while (old.MoveNext())
        {
            if (!now.MoveNext() || old.Current != now.Current || !old.Padding.SequenceEqual(now.Padding))
            {
                return false;
            }

            byte[] expected = old.Body.ToArray();
            FileOffsets.Move(old.Current.Type, expected, Growth);
            if (!now.Body.SequenceEqual(expected))
            {
                return false;
            }
        }

        return now.MoveNext() && now.Current.Type == IgvmHeaderType.SnpIdBlock && now.Body.SequenceEqual(idBlock) && now.AtEnd;
    }
}
