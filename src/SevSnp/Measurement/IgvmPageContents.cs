using SevSnp.Crypto;
using SevSnp.Igvm;
using SevSnp.Igvm.Reading;
using SevSnp.Primitives;

namespace SevSnp.Measurement;

/// <summary>
/// The contents that a launch may measure, each place in the file once, in the order of their first use, and their hashes. Hashing is
/// most of the work and each page stands for itself, so it runs on all cores: with <see cref="Parallel"/>, which returns only when
/// all is done and starts no threads of its own, so that the library stays synchronous for its callers.
/// </summary>
internal sealed class IgvmPageContents
{
    /// <summary>The slot of pages without content.</summary>
    public const int ZeroSlot = -1;

    /// <summary>The slot of pages whose contents are not measured.</summary>
    public const int NoSlot = -2;

    private const int Run = 32;

    private static readonly Digest384 ZeroPage = LaunchDigest.HashPage(default);

    private readonly IgvmBytes _bytes;
    private readonly Dictionary<uint, int> _slots;
    private readonly List<uint> _offsets;
    private readonly Digest384[] _digests;

    public IgvmPageContents(IgvmFile file, uint mask, uint sevEsMask)
    {
        // A guess that is right for files without pages that share their content.
        int most = (int)Math.Min(file.HeaderCount, file.Length / LaunchDigest.PageSize);
        (_bytes, _slots, _offsets) = (file.Bytes, new(most), new(most));
        HeaderWalker walker = file.Walk();
        while (walker.MoveNext())
        {
            if (walker.Current.RawType == (uint)IgvmHeaderType.PageData)
            {
                PageDataHeader page = PageDataHeader.Read(walker.Body);
                if ((page.CompatibilityMask & mask) != 0 && page.FileOffset != 0 && page.DataType == IgvmPageDataType.Normal && !page.IsUnmeasured)
                {
                    AddPages(page.FileOffset, page.PageCount);
                }
            }
            else if (walker.Current.RawType == (uint)IgvmHeaderType.VpContext)
            {
                VpContextHeader context = VpContextHeader.Read(walker.Body);
                if (context.CompatibilityMask == mask || context.CompatibilityMask == sevEsMask)
                {
                    AddPages(context.FileOffset, 1);
                }
            }
        }

        _digests = new Digest384[_offsets.Count];
    }

    /// <summary>Number of slots.</summary>
    public int Count => _offsets.Count;

    /// <summary>The slot of a page that was collected.</summary>
    public int SlotOf(uint offset) => _slots[offset];

    /// <summary>The hash in a slot that was hashed already.</summary>
    public Digest384 DigestOf(int slot) => slot switch
    {
        NoSlot => default,
        ZeroSlot => ZeroPage,
        _ => _digests[slot],
    };

    /// <summary>Hashes a range of slots on all cores.</summary>
    public void Hash(int from, int to, ParallelOptions options)
    {
        int runs = (to - from + Run - 1) / Run;
        Parallel.For(0, runs, options, run =>
        {
            int at = from + (run * Run);
            int end = Math.Min(to, at + Run);
            for (; Sha384Lanes.IsSupported && at + Sha384Lanes.Count <= end; at += Sha384Lanes.Count)
            {
                HashTogether(at);
            }

            for (; at < end; at++)
            {
                ReadOnlySpan<byte> page = PageAt(at);
                _digests[at] = page.ContainsAnyExcept((byte)0) ? LaunchDigest.HashPage(page) : ZeroPage;
            }
        });
    }

    private void HashTogether(int first)
    {
        Span<byte> digests = stackalloc byte[Sha384Lanes.Count * Digest384.Size];
        Sha384Lanes.Hash(PageAt(first), PageAt(first + 1), PageAt(first + 2), PageAt(first + 3), PageAt(first + 4), PageAt(first + 5), PageAt(first + 6), PageAt(first + 7), digests);
        for (int i = 0; i < Sha384Lanes.Count; i++)
        {
            _digests[first + i] = new Digest384(digests.Slice(i * Digest384.Size, Digest384.Size));
        }
    }

    private ReadOnlySpan<byte> PageAt(int slot) => _bytes.Slice(_offsets[slot], LaunchDigest.PageSize);

    // The reader has seen to it that all of a page lies within a file of less than 4 GiB.
    private void AddPages(uint offset, int count)
    {
        for (int i = 0; i < count; i++)
        {
            uint at = offset + (uint)(i * LaunchDigest.PageSize);
            if (_slots.TryAdd(at, _offsets.Count))
            {
                _offsets.Add(at);
            }
        }
    }
}
