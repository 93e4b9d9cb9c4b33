using System.Buffers.Binary;
using System.Text;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using SevSnp.Tests.Verification;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

/// <summary>C18: the table of the extended guest request, read from bytes that the host wrote.</summary>
public class CertificateTableTests
{
    private const int Entry = CertificateTableBuilder.EntrySize;

    private static readonly Scenario Good = Scenario.Vcek();

    [Fact]
    public void RealTable_GivesTheReportsChain()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        SnpVector vector = Vectors.SnpByName("genoa-v3-certtable");
        byte[] table = File.ReadAllBytes(Vectors.Path("snp", "genoa-v3-certtable", "certtable.bin"));

        Assert.True(CertificateBundle.TryFromTable(table, out CertificateBundle? bundle, out EvidenceFault fault), fault.ToString());
        Assert.True(bundle.IsFromTable);
        Assert.Empty(bundle.Faults);
        Assert.Equal([CertificateRole.Ark, CertificateRole.Ask, CertificateRole.Vcek], bundle.Certificates.Select(c => c.Role));

        Authentication result = RealEvidence.Authenticate(vector, bundle, vector.VerificationTime);
        Assert.NotNull(result.Verified);
        Assert.Equal(CheckStatus.Passed, result.Check(CheckId.CertificateTableIsWellFormed).Status);
    }

    [Fact]
    public void RealTable_EveryBitFlipOfItsHeader_IsRefusedOrLosesACertificate()
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        byte[] table = File.ReadAllBytes(Vectors.Path("snp", "genoa-v3-certtable", "certtable.bin"));
        int unharmed = 0;
        for (int bit = 0; bit < 4 * Entry * 8; bit++)
        {
            byte[] changed = [.. table];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (!CertificateBundle.TryFromTable(changed, out CertificateBundle? bundle, out EvidenceFault fault))
            {
                Assert.Equal(CheckId.CertificateTableIsWellFormed, fault.Check);
                continue;
            }

            // A changed GUID hides its certificate and a changed place breaks it, but for the last line end, which PEM can spare.
            unharmed += bundle.Certificates.Count == 3 && bundle.Faults.Count == 0 ? 1 : 0;
        }

        Assert.InRange(unharmed, 0, 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BothOrdersOfGuidBytes_AreRead(bool mixedEndian)
    {
        CertificateBundle bundle = Read(Good.Table with { MixedEndian = mixedEndian });
        Assert.Equal(3, bundle.Certificates.Count);
        Assert.Empty(bundle.Faults);
    }

    [Fact]
    public void RevocationListInTheTable_IsRead()
    {
        CertificateBundle bundle = Read(Good.Table.With(CertificateTableBuilder.Crl, Good.Amd.RevocationList().Mint()));
        Assert.Equal(ProductLine.Milan, Assert.Single(bundle.RevocationLists).Product);
        Assert.Empty(bundle.Faults);
    }

    [Fact]
    public void UnknownGuid_IsSkipped()
    {
        CertificateTableBuilder table = Good.Table
            .With("ecae0c0f-9502-43b1-afa2-0ae2e0d565b6", [8, 0, 0, 0, 0x11, 0x0F, 0xA0, 0])
            .With("00112233-4455-6677-8899-aabbccddeeff", [1]);
        Assert.Equal(3, Read(table).Certificates.Count);
        Assert.Empty(Read(table).Faults);
    }

    [Fact]
    public void EmptyTable_IsWellFormed() => Assert.Empty(Read(new CertificateTableBuilder()).Certificates);

    public static TheoryData<string, int> Broken => new()
    {
        { "no terminator", -1 },
        { "cut in the entries", -1 },
        { "no bytes", -1 },
        { "too large", -1 },
        { "offset plus length wraps in 32 bits", 0 },
        { "begins inside the entries", Entry },
        { "begins at the terminator", 0 },
        { "ends one byte behind", 2 * Entry },
        { "overlaps by one byte", Entry },
        { "same place twice", Entry },
        { "empty", 2 * Entry },
        { "VCEK twice", 3 * Entry },
        { "VCEK twice, in both orders of bytes", 3 * Entry },
        { "unknown GUID twice", 4 * Entry },
        { "unknown GUID beyond the end", 3 * Entry },
        { "33 entries", 32 * Entry },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void BrokenRule_RefusesTheTable(string rule, int offset)
    {
        CertificateTableBuilder table = Good.Table;
        uint header = 4 * Entry;
        uint root = (uint)Good.Root.Length;
        byte[] bytes = rule switch
        {
            "no terminator" => (table with { HasTerminator = false }).Build(),
            "cut in the entries" => table.Build()[..50],
            "no bytes" => [],
            "too large" => [.. table.Build(), .. new byte[64 * 1024]],
            "offset plus length wraps in 32 bits" => table.WithSpan(0, 0xFFFFFFF0, 0x20).Build(),
            "begins inside the entries" => table.WithSpan(1, 24, 100).Build(),
            "begins at the terminator" => table.WithSpan(0, header - 1, root).Build(),
            "ends one byte behind" => table.WithSpan(2, (uint)(table.Build().Length - Good.Leaf.Certificate.Length), (uint)Good.Leaf.Certificate.Length + 1).Build(),
            "overlaps by one byte" => table.WithSpan(1, header + root - 1, 100).Build(),
            "same place twice" => table.WithSpan(1, header, root).Build(),
            "empty" => table.WithSpan(2, header + root, 0).Build(),
            "VCEK twice" => table.With(CertificateTableBuilder.Vcek, [1]).Build(),
            "VCEK twice, in both orders of bytes" => MixOrder(table.With(CertificateTableBuilder.Vcek, [1]).Build(), 3),
            "unknown GUID twice" => table.With("00112233-4455-6677-8899-aabbccddeeff", [1]).With("00112233-4455-6677-8899-aabbccddeeff", [2]).Build(),
            "unknown GUID beyond the end" => table.With("00112233-4455-6677-8899-aabbccddeeff", [1]).WithSpan(3, 1 << 30, 1).Build(),
            "33 entries" => Enumerable.Range(0, 33).Aggregate(new CertificateTableBuilder(), (t, i) => t.With($"00112233-4455-6677-8899-aabbccddee{i:x2}", [1])).Build(),
            _ => throw new ArgumentOutOfRangeException(nameof(rule)),
        };

        Assert.False(CertificateBundle.TryFromTable(bytes, out CertificateBundle? bundle, out EvidenceFault fault));
        Assert.Null(bundle);
        Assert.Equal((CheckId.CertificateTableIsWellFormed, offset), (fault.Check, fault.Offset));
    }

    [Fact]
    public void ByteBehindACertificate_IsAFaultOfTheCertificate()
    {
        CertificateBundle bundle = Read(new CertificateTableBuilder().With(CertificateTableBuilder.Vcek, [.. Good.Leaf.Certificate, 0]));
        Assert.Empty(bundle.Certificates);
        Assert.Equal(CheckId.CertificatesMatchProfile, Assert.Single(bundle.Faults).Check);
    }

    [Fact]
    public void TwoCertificatesInOnePlace_AreAFault()
    {
        byte[] pem = Encoding.ASCII.GetBytes(Pem.Certificates(Good.Leaf.Certificate, Good.Issuer));
        Assert.Single(Read(new CertificateTableBuilder().With(CertificateTableBuilder.Vcek, pem)).Faults);
    }

    [Fact]
    public void T15_RootInTheTable_IsNeverTrustedForBeingThere()
    {
        Scenario scenario = Good with { Roots = TrustRoots.Amd };
        scenario.Authenticate(scenario.SignReport(), Read(scenario.Table)).AssertFirstFailure(CheckId.RootIsPinned);
    }

    [Fact]
    public void RandomTables_NeverThrow()
    {
        Random random = new(20261125);
        byte[] good = Good.Table.Build();
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. good];
            for (int j = random.Next(1, 4); j > 0; j--)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(random.Next(0, 4 * Entry)), (uint)random.NextInt64());
            }

            bool isTable = CertificateBundle.TryFromTable(changed.AsSpan(0, random.Next(changed.Length + 1)), out CertificateBundle? bundle, out EvidenceFault fault);
            Assert.Equal(isTable, bundle is not null);
            Assert.Equal(isTable ? CheckId.None : CheckId.CertificateTableIsWellFormed, fault.Check);
        }
    }

    private static CertificateBundle Read(CertificateTableBuilder table) =>
        CertificateBundle.TryFromTable(table.Build(), out CertificateBundle? bundle, out EvidenceFault fault) ? bundle : throw new InvalidOperationException(fault.ToString());

    private static byte[] MixOrder(byte[] table, int entry)
    {
        Span<byte> guid = table.AsSpan(entry * Entry, 16);
        new Guid(guid, bigEndian: true).TryWriteBytes(guid, bigEndian: false, out _);
        return table;
    }
}
