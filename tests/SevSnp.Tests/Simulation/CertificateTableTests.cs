using System.Text;
using SevSnp.Certificates;
using SevSnp.Checks;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>The GHCB certificate table: a broken table does not parse; a broken blob is a fault of the evidence.</summary>
public sealed class CertificateTableTests
{
    private const int Entry = CertificateTableBuilder.EntrySize;

    private static readonly Lazy<Scenario> Good = new(() => Scenario.Vcek());

    private static CertificateTableBuilder Table => Good.Value.Table;

    [Fact]
    public void GoodTable_HoldsTheThreeCertificates()
    {
        CertificateBundle bundle = Parses(Table.Build());
        Assert.True(bundle.IsFromTable);
        Assert.Empty(bundle.Faults);
        Assert.Equal([CertificateRole.Ark, CertificateRole.Ask, CertificateRole.Vcek], bundle.Certificates.Select(c => c.Role));
        Assert.Equal(CheckStatus.Passed, Good.Value.Authenticate(Good.Value.SignReport(), bundle).Checks.Single(c => c.Id == CheckId.CertificateTableIsWellFormed).Status);
    }

    [Fact]
    public void EmptyTable_HoldsNothing() => Assert.Empty(Parses(new byte[Entry]).Certificates);

    [Fact]
    public void MissingTerminator_IsRefused()
    {
        // The blobs follow at once and are read as entries to the end, where none is all zero.
        IsRefused((Table with { HasTerminator = false }).Build());
        IsRefused([]);
        IsRefused(new byte[Entry - 1]);
        IsRefused(Table.Build()[..(3 * Entry)]);
        IsRefused(Table.Build()[..(4 * Entry - 1)]);
    }

    [Theory]
    [InlineData(0xFFFF_FFF0, 0x20)]
    [InlineData(0xFFFF_FFFF, 0xFFFF_FFFF)]
    [InlineData(0, 100)]
    [InlineData(95, 100)]
    [InlineData(96, 0)]
    [InlineData(96, 0xFFFF_FFFF)]
    [InlineData(0x7FFF_FFFF, 1)]
    [InlineData(0x8000_0000, 1)]
    public void OffsetOrLengthOutOfPlace_IsRefusedAtItsEntry(uint offset, uint length)
    {
        for (int entry = 0; entry < 3; entry++)
        {
            IsRefused(Table.WithSpan(entry, offset, length).Build(), entry * Entry);
        }
    }

    [Fact]
    public void OneByteBeyondTheEnd_IsRefused()
    {
        byte[] table = Table.Build();
        Parses(table);
        IsRefused(table[..^1], 2 * Entry);
    }

    [Fact]
    public void OverlappingBlobs_AreRefused()
    {
        uint first = 4 * Entry;
        uint length = (uint)Good.Value.Root.Length;
        IsRefused(Table.WithSpan(1, first, length).Build(), Entry);
        IsRefused(Table.WithSpan(1, first + length - 1, (uint)Good.Value.Issuer.Length).Build(), Entry);
    }

    [Fact]
    public void SameGuidTwice_IsRefused()
    {
        byte[] other = VirtualAmd.Milan.Vcek().Certificate;
        IsRefused(Table.With(CertificateTableBuilder.Vcek, other).Build(), 3 * Entry);
        IsRefused(Table.With(CertificateTableBuilder.Vcek, Good.Value.Leaf.Certificate).Build(), 3 * Entry);

        // Once in each byte order.
        byte[] table = Table.With(CertificateTableBuilder.Vcek, other).Build();
        Guid.Parse(CertificateTableBuilder.Vcek).TryWriteBytes(table.AsSpan(3 * Entry), bigEndian: false, out _);
        IsRefused(table, 3 * Entry);
    }

    [Fact]
    public void UnknownGuid_IsSkippedWhateverItHolds()
    {
        CertificateBundle bundle = Parses(Table.With("ecae0c0f-9502-43b1-afa2-0ae2e0d565b6", [1, 2, 3, 4]).With("11111111-2222-3333-4444-555555555555", Good.Value.Root).Build());
        Assert.Empty(bundle.Faults);
        Assert.Equal(3, bundle.Certificates.Count);
        SimulationAssert.IsAuthentic(Good.Value.Authenticate(Good.Value.SignReport(), bundle));
    }

    [Fact]
    public void TooManyEntriesOrBytes_AreRefused()
    {
        CertificateTableBuilder many = Table;
        for (int i = 0; i < 64; i++)
        {
            many = many.With(new Guid(i + 1, 0, 0, new byte[8]).ToString(), [0]);
        }

        IsRefused(many.Build());
        IsRefused([.. Table.Build(), .. new byte[CertificateBundle.MaxSize]]);
    }

    // What stands between a certificate and the end of its blob would be unread: smuggled.
    [Fact]
    public void BytesBehindACertificate_AreAFault()
    {
        CertificateBundle bundle = Parses(new CertificateTableBuilder().With(CertificateTableBuilder.Vcek, [.. Good.Value.Leaf.Certificate, 0]).Build());
        Assert.Empty(bundle.Certificates);
        Assert.Single(bundle.Faults);
    }

    [Fact]
    public void TwoCertificatesInOneBlob_AreAFault()
    {
        Scenario good = Good.Value;
        byte[][] blobs = [Encoding.ASCII.GetBytes(Pem.Certificates(good.Leaf.Certificate, good.Issuer)), [.. good.Leaf.Certificate, .. good.Issuer]];
        foreach (byte[] blob in blobs)
        {
            CertificateBundle bundle = Parses(new CertificateTableBuilder().With(CertificateTableBuilder.Vcek, blob).Build());
            Assert.NotEmpty(bundle.Faults);
            SimulationAssert.IsRefused(good.Authenticate(good.SignReport(), good.Bundle.With(bundle)), CheckId.CertificatesMatchProfile);
        }
    }

    [Fact]
    public void RevocationListInATable_IsRead()
    {
        VirtualAmd amd = VirtualAmd.Milan;
        CertificateBundle current = Parses(Table.With(CertificateTableBuilder.Crl, amd.RevocationList().Mint()).Build());
        CertificateBundle revoking = Parses(Table.With(CertificateTableBuilder.Crl, (amd.RevocationList() with { Revoked = [amd.Ask.Recipe.Serial] }).Mint()).Build());
        Assert.Single(current.RevocationLists);
        SimulationAssert.IsAuthentic(Good.Value.Authenticate(Good.Value.SignReport(), current));
        SimulationAssert.IsRefused(Good.Value.Authenticate(Good.Value.SignReport(), revoking), CheckId.CertificatesAreNotRevoked);
    }

    [Fact]
    public void EveryByteOfTheEntriesChanged_NeverThrowsAndNeverTrustsMore()
    {
        byte[] good = Table.Build();
        byte[] report = Good.Value.SignReport();
        for (int offset = 0; offset < 4 * Entry; offset++)
        {
            foreach (byte value in (byte[])[0x00, 0x01, 0x7F, 0x80, 0xFF])
            {
                byte[] table = [.. good];
                table[offset] = value;
                if (!table.AsSpan().SequenceEqual(good) && CertificateBundle.TryFromTable(table, out CertificateBundle? bundle, out _))
                {
                    // The root is at hand, so one entry may be lost; then the other two must be those of the table.
                    bool isAuthentic = Good.Value.Authenticate(report, bundle).Verified is not null;
                    Assert.True(!isAuthentic || (bundle.Find(CertificateRole.Vcek) is not null && bundle.Find(CertificateRole.Ask) is not null));
                }
            }
        }
    }

    private static CertificateBundle Parses(byte[] table)
    {
        Assert.True(CertificateBundle.TryFromTable(table, out CertificateBundle? bundle, out EvidenceFault fault), fault.ToString());
        return bundle;
    }

    private static void IsRefused(byte[] table, int? offset = null)
    {
        Assert.False(CertificateBundle.TryFromTable(table, out CertificateBundle? bundle, out EvidenceFault fault));
        Assert.Null(bundle);
        Assert.Equal(CheckId.CertificateTableIsWellFormed, fault.Check);
        Assert.Equal(offset ?? fault.Offset, fault.Offset);
    }
}
