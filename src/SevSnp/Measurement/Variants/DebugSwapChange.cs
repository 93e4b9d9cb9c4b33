using SevSnp.Igvm;
using SevSnp.Launch;

namespace SevSnp.Measurement;

/// <summary>
/// A file whose save areas have the bit DebugSwap of SEV_FEATURES turned over: some host kernels set it at launch, whatever the file says,
/// and with it the measurement changes. File data is under no checksum, so that the changed file reads like the other.
/// </summary>
/// <param name="File">The changed file; it reads the bytes of the other.</param>
/// <param name="Deviation">In which direction it was changed.</param>
internal sealed record DebugSwapChange(IgvmFile File, LaunchDeviation Deviation)
{
    private const int SevFeaturesOffset = 0x3B0;
    private const byte DebugSwap = 1 << 5;

    /// <summary>Changes a file; null when it has no save area for SEV-SNP, or several that differ in the bit: a host changes all in one direction.</summary>
    public static DebugSwapChange? Of(IgvmFile file)
    {
        uint mask = file.Platform(IgvmPlatformType.SevSnp)?.CompatibilityMask ?? 0;
        long[] places =
        [
            .. file.Headers.Where(h => h.RawType == (uint)IgvmHeaderType.VpContext).Select(h => VpContextHeader.Read(file.Body(h)))
                .Where(c => c.CompatibilityMask == mask).Select(c => c.FileOffset + (long)SevFeaturesOffset).Distinct().Order(),
        ];
        bool wasSet = Array.Exists(places, p => IsSet(file, p));
        if (places.Length == 0 || !Array.TrueForAll(places, p => IsSet(file, p) == wasSet))
        {
            return null;
        }

        Changed bytes = new(file.Bytes, places);
        IgvmReadOptions options = new() { Limits = file.Limits };
        return IgvmReader.TryRead(bytes, options, out IgvmFile? changed, out _)
            ? new DebugSwapChange(changed, wasSet ? LaunchDeviation.DebugSwapCleared : LaunchDeviation.DebugSwapSet)
            : null;
    }

    private static bool IsSet(IgvmFile file, long place) => (file.Bytes.Slice(place, 1)[0] & DebugSwap) != 0;

    private sealed class Changed(IgvmBytes bytes, long[] places) : IgvmBytes
    {
        public override long Length => bytes.Length;

        public override ReadOnlySpan<byte> Slice(long offset, int length)
        {
            ReadOnlySpan<byte> run = bytes.Slice(offset, length);
            byte[]? copy = null;
            int found = Array.BinarySearch(places, offset);
            for (int i = found < 0 ? ~found : found; i < places.Length && places[i] < offset + length; i++)
            {
                copy ??= run.ToArray();
                copy[places[i] - offset] ^= DebugSwap;
            }

            return copy ?? run;
        }
    }
}
