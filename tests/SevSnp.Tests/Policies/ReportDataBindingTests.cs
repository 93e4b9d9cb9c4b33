using System.Security.Cryptography;
using SevSnp.Policies;
using SevSnp.Primitives;

namespace SevSnp.Tests.Policies;

public sealed class ReportDataBindingTests
{
    private static readonly byte[] Nonce = Bytes(64, 1);

    public static TheoryData<int> WrongSizes => [0, 1, 32, 63, 65, 128];

    [Theory]
    [MemberData(nameof(WrongSizes))]
    public void T58_NonceOfAnotherLength_IsRefused(int size)
    {
        Assert.False(ReportDataBinding.TryNonce(Bytes(size), out ReportDataBinding? binding, out string rule));
        Assert.Null(binding);
        Assert.Equal($"nonce must be exactly 64 bytes long, is {size}", rule);
    }

    [Theory]
    [MemberData(nameof(WrongSizes))]
    public void T58_ReportDataOfAnotherLength_IsRefused(int size)
    {
        Assert.False(ReportDataBinding.TryExact(Bytes(size), out _, out string rule));
        Assert.Equal($"report_data must be exactly 64 bytes long, is {size}", rule);
    }

    [Fact]
    public void Exact_IsTheBytesAndShowsNoFreshness()
    {
        Assert.True(ReportDataBinding.TryExact(Nonce, out ReportDataBinding? binding, out string rule));
        Assert.Equal(("report_data", "", false), (binding.Scheme, rule, binding.ShowsFreshness));
        Assert.Equal(Nonce, binding.Expected.Span);
        Assert.Empty(binding.Parts);
    }

    [Fact]
    public void Nonce_IsTheBytesAndShowsFreshness()
    {
        Assert.True(ReportDataBinding.TryNonce(Nonce, out ReportDataBinding? binding, out _));
        Assert.Equal(("nonce", true), (binding.Scheme, binding.ShowsFreshness));
        Assert.Equal(Nonce, binding.Expected.Span);
        Assert.Empty(binding.Parts);
    }

    [Fact]
    public void NonceOfZeros_ShowsNoFreshness()
    {
        Assert.True(ReportDataBinding.TryNonce(new byte[64], out ReportDataBinding? nonce, out _));
        Assert.True(ReportDataBinding.TrySvsmManifest(new byte[64], Bytes(3), out ReportDataBinding? manifest, out _));
        Assert.False(nonce.ShowsFreshness || manifest.ShowsFreshness);
    }

    [Fact]
    public void SvsmManifest_IsSha512OfNonceAndManifest()
    {
        byte[] manifest = Bytes(300, 5);
        Assert.True(ReportDataBinding.TrySvsmManifest(Nonce, manifest, out ReportDataBinding? binding, out _));
        Assert.Equal(SHA512.HashData([.. Nonce, .. manifest]), binding.Expected.Span);
        Assert.Equal([new HexBytes(Nonce), new HexBytes(manifest)], binding.Parts);
        Assert.Equal(("svsm_manifest", true), (binding.Scheme, binding.ShowsFreshness));
    }

    [Theory]
    [InlineData(63, 10, "nonce must be exactly 64 bytes long, is 63")]
    [InlineData(65, 9, "nonce must be exactly 64 bytes long, is 65")]
    [InlineData(64, 0, "manifest must be 1 to 16384 bytes long, is 0")]
    [InlineData(64, 16385, "manifest must be 1 to 16384 bytes long, is 16385")]
    public void T63_SvsmManifestOutOfBounds_IsRefused(int nonce, int manifest, string expected)
    {
        Assert.False(ReportDataBinding.TrySvsmManifest(Bytes(nonce), Bytes(manifest), out _, out string rule));
        Assert.Equal(expected, rule);
    }

    [Fact]
    public void SvsmNegotiated_IsSha512OfChallengeAndCoordinates()
    {
        byte[] challenge = Bytes(32, 2), x = Bytes(66, 3), y = Bytes(66, 4);
        Assert.True(ReportDataBinding.TrySvsmNegotiated(challenge, x, y, out ReportDataBinding? binding, out _));
        Assert.Equal(SHA512.HashData([.. challenge, .. x, .. y]), binding.Expected.Span);
        Assert.Equal([new HexBytes(challenge), new HexBytes(x), new HexBytes(y)], binding.Parts);
        Assert.Equal(("svsm_negotiated", true), (binding.Scheme, binding.ShowsFreshness));
    }

    [Theory]
    [InlineData(0, 66, 66, "challenge must be 1 to 1024 bytes long, is 0")]
    [InlineData(1025, 66, 66, "challenge must be 1 to 1024 bytes long, is 1025")]
    [InlineData(32, 65, 66, "x must be exactly 66 bytes long, is 65")]
    [InlineData(32, 66, 67, "y must be exactly 66 bytes long, is 67")]
    public void SvsmNegotiatedOutOfBounds_IsRefused(int challenge, int x, int y, string expected)
    {
        Assert.False(ReportDataBinding.TrySvsmNegotiated(Bytes(challenge), Bytes(x), Bytes(y), out _, out string rule));
        Assert.Equal(expected, rule);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(1024, true)]
    public void ShortChallenge_ShowsNoFreshness(int size, bool isFresh)
    {
        Assert.True(ReportDataBinding.TrySvsmNegotiated(Bytes(size, 9), Bytes(66), Bytes(66), out ReportDataBinding? binding, out _));
        Assert.Equal(isFresh, binding.ShowsFreshness);
    }

    [Fact]
    public void Sha512_HashesThePartsInOrder()
    {
        Assert.True(ReportDataBinding.TrySha512([Part(32, 32), Part(48, 48), Part(7, null)], out ReportDataBinding? binding, out _));
        Assert.Equal(SHA512.HashData([.. Bytes(32), .. Bytes(48), .. Bytes(7)]), binding.Expected.Span);
        Assert.Equal([32, 48, 7], binding.Parts.Select(p => p.Length));
        Assert.Equal(("sha512", false), (binding.Scheme, binding.ShowsFreshness));
    }

    [Fact]
    public void Sha512_VariablePartBeforeTheLast_IsRefused() =>
        RefuseParts("parts[0] must state its fixed length: only the last part may be variable", Part(32, null), Part(32, 32));

    [Fact]
    public void Sha512_PartOfAnotherThanItsFixedLength_IsRefused() =>
        RefuseParts("parts[1] must have its fixed length of 33 bytes, at least 1, has 32", Part(32, 32), Part(32, 33));

    [Fact]
    public void Sha512_FixedLengthOfZero_IsRefused() =>
        RefuseParts("parts[0] must have its fixed length of 0 bytes, at least 1, has 0", Part(0, 0), Part(32, 32));

    [Fact]
    public void Sha512_LengthBeyondInt_IsRefused() =>
        RefuseParts("parts[0] must have its fixed length of 4294967295 bytes, at least 1, has 32", Part(32, uint.MaxValue));

    [Fact]
    public void Sha512_NoPart_IsRefused() => RefuseParts("must have 1 to 16 parts, has 0");

    [Fact]
    public void Sha512_SeventeenParts_AreRefused() => RefuseParts("must have 1 to 16 parts, has 17", [.. Enumerable.Repeat(Part(1, 1), 17)]);

    [Fact]
    public void Sha512_OneEmptyPart_IsRefused() => RefuseParts("parts must have 1 to 16384 bytes together, have 0", Part(0, null));

    [Fact]
    public void Sha512_OneByteTooMany_IsRefused() =>
        RefuseParts("parts must have 1 to 16384 bytes together, have 16385", Part(16384, 16384), Part(1, null));

    [Fact]
    public void Sha512_SixteenPartsOf16KiBTogether_AreTaken() =>
        Assert.True(ReportDataBinding.TrySha512([.. Enumerable.Repeat(Part(1024, 1024), 16)], out _, out _));

    [Fact]
    public void T58_Matches_ComparesAll64Bytes()
    {
        Assert.True(ReportDataBinding.TryNonce(Nonce, out ReportDataBinding? binding, out _));
        Assert.True(binding.Matches(new HexBytes(Nonce)));
        for (int bit = 0; bit < 512; bit++)
        {
            byte[] other = [.. Nonce];
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(binding.Matches(new HexBytes(other)), $"bit {bit}");
        }

        Assert.False(binding.Matches(new HexBytes(Nonce.AsSpan(0, 63))));
        Assert.False(binding.Matches(new HexBytes([.. Nonce, 0])));
        Assert.False(binding.Matches(new HexBytes([])));
    }

    [Fact]
    public void Binding_KeepsNoReferenceToTheCallersBytes()
    {
        byte[] nonce = [.. Nonce];
        Assert.True(ReportDataBinding.TryNonce(nonce, out ReportDataBinding? binding, out _));
        nonce[0] ^= 1;
        Assert.True(binding.Matches(new HexBytes(Nonce)));
    }

    private static void RefuseParts(string expected, params (ReadOnlyMemory<byte> Value, uint? FixedLength)[] parts)
    {
        Assert.False(ReportDataBinding.TrySha512(parts, out ReportDataBinding? binding, out string rule));
        Assert.Null(binding);
        Assert.Equal(expected, rule);
    }

    private static (ReadOnlyMemory<byte> Value, uint? FixedLength) Part(int size, uint? fixedLength) => (Bytes(size), fixedLength);

    private static byte[] Bytes(int size, byte first = 7) => [.. Enumerable.Range(0, size).Select(i => (byte)(first + (i * 3)))];
}
