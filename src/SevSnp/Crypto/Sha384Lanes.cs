using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SevSnp.Crypto;

/// <summary>
/// SHA-384 (FIPS 180-4) of eight messages of one length side by side, one in each lane of the vector registers of AVX-512. The rounds of
/// one message depend on each other, so that a processor is mostly idle with one at a time; with eight it does several times as many
/// bytes in a second. For public data only; results are those of the platform's SHA-384, which is used where AVX-512 is not.
/// </summary>
internal static class Sha384Lanes
{
    /// <summary>How many messages are hashed together.</summary>
    public const int Count = 8;

    private const int BlockSize = 128;
    private const int WordsInBlock = 16;
    private const int Rounds = 80;
    private const int StateWords = 8;
    private const int DigestWords = 6;

    /// <summary>True on a processor that has the instructions.</summary>
    public static bool IsSupported => Avx512F.IsSupported && Avx512BW.IsSupported && BitConverter.IsLittleEndian;

    /// <summary>Hashes eight messages of one length, a multiple of 128 bytes.</summary>
    /// <param name="m0">The first.</param>
    /// <param name="m1">The second.</param>
    /// <param name="m2">The third.</param>
    /// <param name="m3">The fourth.</param>
    /// <param name="m4">The fifth.</param>
    /// <param name="m5">The sixth.</param>
    /// <param name="m6">The seventh.</param>
    /// <param name="m7">The eighth.</param>
    /// <param name="digests">Takes eight digests of 48 bytes, one after the other.</param>
    /// <exception cref="ArgumentException">Other lengths: a defect of the caller.</exception>
    public static unsafe void Hash(
        ReadOnlySpan<byte> m0,
        ReadOnlySpan<byte> m1,
        ReadOnlySpan<byte> m2,
        ReadOnlySpan<byte> m3,
        ReadOnlySpan<byte> m4,
        ReadOnlySpan<byte> m5,
        ReadOnlySpan<byte> m6,
        ReadOnlySpan<byte> m7,
        Span<byte> digests)
    {
        int length = m0.Length;
        bool alike = m1.Length == length && m2.Length == length && m3.Length == length && m4.Length == length
            && m5.Length == length && m6.Length == length && m7.Length == length;
        if (!alike || length % BlockSize != 0 || digests.Length != Count * DigestWords * sizeof(ulong))
        {
            throw new ArgumentException("There must be eight messages of the same number of whole blocks, and room for eight digests.", nameof(digests));
        }

        fixed (byte* p0 = m0, p1 = m1, p2 = m2, p3 = m3, p4 = m4, p5 = m5, p6 = m6, p7 = m7)
        {
            Hash([(nint)p0, (nint)p1, (nint)p2, (nint)p3, (nint)p4, (nint)p5, (nint)p6, (nint)p7], length, digests);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Hash(ReadOnlySpan<nint> messages, int length, Span<byte> digests)
    {
        Span<Vector512<ulong>> state = stackalloc Vector512<ulong>[StateWords];
        for (int i = 0; i < StateWords; i++)
        {
            state[i] = Vector512.Create(InitialState[i]);
        }

        Span<Vector512<ulong>> words = stackalloc Vector512<ulong>[WordsInBlock];
        for (int at = 0; at < length; at += BlockSize)
        {
            Load(messages, at, words);
            Load(messages, at + (BlockSize / 2), words[8..]);
            Compress(state, words);
        }

        // Whole blocks: the padding is a block of its own, a one bit, zeros, and the length in bits.
        words.Clear();
        words[0] = Vector512.Create(1UL << 63);
        words[WordsInBlock - 1] = Vector512.Create((ulong)length * 8);
        Compress(state, words);
        for (int lane = 0; lane < Count; lane++)
        {
            for (int i = 0; i < DigestWords; i++)
            {
                BinaryPrimitives.WriteUInt64BigEndian(digests[(((lane * DigestWords) + i) * sizeof(ulong))..], state[i][lane]);
            }
        }
    }

    // FIPS 180-4, section 4.2.3.
    private static ReadOnlySpan<ulong> Constants =>
    [
        0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc, 0x3956c25bf348b538,
        0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118, 0xd807aa98a3030242, 0x12835b0145706fbe,
        0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2, 0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235,
        0xc19bf174cf692694, 0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
        0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5, 0x983e5152ee66dfab,
        0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4, 0xc6e00bf33da88fc2, 0xd5a79147930aa725,
        0x06ca6351e003826f, 0x142929670a0e6e70, 0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed,
        0x53380d139d95b3df, 0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
        0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30, 0xd192e819d6ef5218,
        0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8, 0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
        0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8, 0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373,
        0x682e6ff3d6b2b8a3, 0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
        0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b, 0xca273eceea26619c,
        0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178, 0x06f067aa72176fba, 0x0a637dc5a2c898a6,
        0x113f9804bef90dae, 0x1b710b35131c471b, 0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc,
        0x431d67c49c100d4c, 0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
    ];

    // FIPS 180-4, section 5.3.4.
    private static ReadOnlySpan<ulong> InitialState =>
    [
        0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
        0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
    ];

    // Eight words of each message: rows become columns.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Load(ReadOnlySpan<nint> messages, int at, Span<Vector512<ulong>> words)
    {
        Vector512<ulong> r0 = Row(messages[0], at), r1 = Row(messages[1], at), r2 = Row(messages[2], at), r3 = Row(messages[3], at);
        Vector512<ulong> r4 = Row(messages[4], at), r5 = Row(messages[5], at), r6 = Row(messages[6], at), r7 = Row(messages[7], at);
        Columns(Avx512F.UnpackLow(r0, r1), Avx512F.UnpackLow(r2, r3), Avx512F.UnpackLow(r4, r5), Avx512F.UnpackLow(r6, r7), words);
        Columns(Avx512F.UnpackHigh(r0, r1), Avx512F.UnpackHigh(r2, r3), Avx512F.UnpackHigh(r4, r5), Avx512F.UnpackHigh(r6, r7), words[1..]);
    }

    // Every second column, from pairs of rows in pairs of lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, Vector512<ulong> d, Span<Vector512<ulong>> words)
    {
        const byte Even = 0x88;
        const byte Odd = 0xDD;
        Vector512<ulong> abEven = Avx512F.Shuffle4x128(a, b, Even), abOdd = Avx512F.Shuffle4x128(a, b, Odd);
        Vector512<ulong> cdEven = Avx512F.Shuffle4x128(c, d, Even), cdOdd = Avx512F.Shuffle4x128(c, d, Odd);
        words[6] = Avx512F.Shuffle4x128(abOdd, cdOdd, Odd);
        words[4] = Avx512F.Shuffle4x128(abEven, cdEven, Odd);
        words[2] = Avx512F.Shuffle4x128(abOdd, cdOdd, Even);
        words[0] = Avx512F.Shuffle4x128(abEven, cdEven, Even);
    }

    // The words of a message are big endian.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector512<ulong> Row(nint message, int at) =>
        Avx512BW.Shuffle(Vector512.Load((byte*)message + at), Vector512.Create(Vector256.Create(SwapWords, SwapWords), Vector256.Create(SwapWords, SwapWords))).AsUInt64();

    private static Vector128<byte> SwapWords => Vector128.Create((byte)7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compress(Span<Vector512<ulong>> state, Span<Vector512<ulong>> words)
    {
        ref Vector512<ulong> w = ref MemoryMarshal.GetReference(words);
        ref ulong k = ref MemoryMarshal.GetReference(Constants);
        Vector512<ulong> a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        for (int round = 0; round < Rounds; round += 8)
        {
            Round(a, b, c, ref d, e, f, g, ref h, Next(ref w, ref k, round));
            Round(h, a, b, ref c, d, e, f, ref g, Next(ref w, ref k, round + 1));
            Round(g, h, a, ref b, c, d, e, ref f, Next(ref w, ref k, round + 2));
            Round(f, g, h, ref a, b, c, d, ref e, Next(ref w, ref k, round + 3));
            Round(e, f, g, ref h, a, b, c, ref d, Next(ref w, ref k, round + 4));
            Round(d, e, f, ref g, h, a, b, ref c, Next(ref w, ref k, round + 5));
            Round(c, d, e, ref f, g, h, a, ref b, Next(ref w, ref k, round + 6));
            Round(b, c, d, ref e, f, g, h, ref a, Next(ref w, ref k, round + 7));
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    // The word of a round with its constant; on the way, the word that stands 16 rounds later takes its place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Next(ref Vector512<ulong> w, ref ulong k, int round)
    {
        ref Vector512<ulong> word = ref Unsafe.Add(ref w, round & 15);
        Vector512<ulong> now = word;
        Vector512<ulong> old = Unsafe.Add(ref w, (round + 1) & 15);
        Vector512<ulong> recent = Unsafe.Add(ref w, (round + 14) & 15);
        Vector512<ulong> s0 = Xor(Avx512F.RotateRight(old, 1), Avx512F.RotateRight(old, 8), old >>> 7);
        Vector512<ulong> s1 = Xor(Avx512F.RotateRight(recent, 19), Avx512F.RotateRight(recent, 61), recent >>> 6);
        word = now + s0 + Unsafe.Add(ref w, (round + 9) & 15) + s1;
        return now + Vector512.Create(Unsafe.Add(ref k, round));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        Vector512<ulong> a, Vector512<ulong> b, Vector512<ulong> c, ref Vector512<ulong> d, Vector512<ulong> e, Vector512<ulong> f, Vector512<ulong> g, ref Vector512<ulong> h, Vector512<ulong> word)
    {
        const byte Choose = 0xCA;
        const byte Majority = 0xE8;
        Vector512<ulong> t = h + word + Xor(Avx512F.RotateRight(e, 14), Avx512F.RotateRight(e, 18), Avx512F.RotateRight(e, 41)) + Avx512F.TernaryLogic(e, f, g, Choose);
        d += t;
        h = t + Xor(Avx512F.RotateRight(a, 28), Avx512F.RotateRight(a, 34), Avx512F.RotateRight(a, 39)) + Avx512F.TernaryLogic(a, b, c, Majority);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Xor(Vector512<ulong> x, Vector512<ulong> y, Vector512<ulong> z) => Avx512F.TernaryLogic(x, y, z, 0x96);
}
