using System.Buffers.Binary;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using Verifier.Fuzz.Tests.Mutators;
using Verifier.Fuzz.Tests.Reports;
using Verifier.Fuzz.Tests.Rig;
using Verifier.TestKit;

namespace Verifier.Fuzz.Tests.Certificates;

/// <summary>Mutants of the GHCB's certificate tables: GUIDs, offsets, lengths, overlaps, order, and what lies in them.</summary>
public sealed class TableFuzzTests
{
    [Fact]
    [Trait("target", "tables")]
    public void Tables_AreReadOrRefused() => FuzzDriver.Run(new TableTarget());

    [Fact]
    public void GoodTables_AreAccepted() =>
        Assert.All(new TableTarget().Origins.Take(3), origin => Assert.Equal("accepted", new TableTarget().Try(origin, new Meter())));
}

/// <summary>Certificate tables.</summary>
internal sealed class TableTarget : FuzzTarget
{
    private const int EntrySize = CertificateTableBuilder.EntrySize;

    private static readonly Scenario Guest = SimulatedGuests.All[0];
    private static readonly byte[] Report = Guest.SignReport();

    private static readonly Guid[] Guids =
    [
        .. ((string[])[CertificateTableBuilder.Vcek, CertificateTableBuilder.Vlek, CertificateTableBuilder.Ask, CertificateTableBuilder.Ark, CertificateTableBuilder.Crl]).Select(Guid.Parse),
        Guid.Empty,
        new("11111111-2222-3333-4444-555555555555"),
    ];

    private static readonly VerifiedCertificates Known = Genuine();

    public override string Name => "tables";

    public override int FewestKinds => 20;

    public override int MostBytes => (64 << 10) + 64;

    // As for certificates: a key that was never seen before.
    public override long MostAllocated => 5 << 18;

    public override bool IsKept => false;

    public override IReadOnlyList<byte[]> Origins { get; } =
    [
        Guest.Table.Build(),
        (Guest.Table with { MixedEndian = true }).Build(),
        Guest.Table.With(CertificateTableBuilder.Crl, Guest.Amd.RevocationList().Mint()).With("11111111-2222-3333-4444-555555555555", [1, 2, 3]).Build(),
        new CertificateTableBuilder().Build(),
        .. Enumerable.Range(28, 8).Select(n => Enumerable.Range(0, n).Aggregate(new CertificateTableBuilder(), (t, i) => t.With(new Guid(i + 1, 0, 0, new byte[8]).ToString(), [(byte)i])).Build()),
    ];

    public override byte[] Mutate(Random random, byte[] input)
    {
        if (input.Length < EntrySize || random.Next(10) == 0)
        {
            return ByteMutator.Mutate(random, input);
        }

        byte[] table = [.. input];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            table = Change(random, table);
        }

        return random.Next(24) == 0 ? table[..random.Next(table.Length)] : table;
    }

    public override string Try(byte[] input, Meter meter)
    {
        if (!CertificateBundle.TryFromTable(input, out CertificateBundle? bundle, out EvidenceFault fault, Known))
        {
            return Kind(fault.ToString());
        }

        AttestationVerdict verdict = Judging.Decide(Report, bundle, Guest.Roots, out _)!;
        meter.Aside(() =>
        {
            // What was read lies in the table, each byte in one place only.
            Assert.All(bundle.Certificates, c => Assert.True(input.AsSpan().IndexOf(c.Der.Span) >= 0 || input.AsSpan().IndexOf("-----BEGIN"u8) >= 0));
            Assert.True(bundle.Certificates.Sum(c => c.Der.Length) + bundle.RevocationLists.Sum(l => l.Der.Length) <= input.Length);
            if (verdict.Accepted)
            {
                CertificateOracle.Demand(verdict.Endorsement!, Guest);
            }

            return 0;
        });
        return verdict.Accepted ? "accepted" : Kind(bundle.Faults.Count > 0 ? bundle.Faults[0].ToString() : Judging.FirstFailed(verdict));
    }

    private static VerifiedCertificates Genuine()
    {
        VerifiedCertificates known = new(64);
        known.Keep(Guest.Authenticate().Endorsement!, Guest.Bundle);
        return known;
    }

    private static byte[] Change(Random random, byte[] table)
    {
        int entries = Entries(table);
        Span<byte> entry = table.AsSpan(random.Next(entries) * EntrySize, EntrySize);
        Span<byte> other = table.AsSpan(random.Next(entries) * EntrySize, EntrySize);
        switch (random.Next(11))
        {
            case 0:
                Guids[random.Next(Guids.Length)].TryWriteBytes(entry, bigEndian: random.Next(2) == 0, out _);
                break;
            case 1:
                Numbers.Write(random, entry.Slice(16, 4), table.Length);
                break;
            case 2:
                Numbers.Write(random, entry.Slice(20, 4), table.Length);
                break;
            case 3:
                // Just beside another's content.
                uint start = BinaryPrimitives.ReadUInt32LittleEndian(other[16..]) + BinaryPrimitives.ReadUInt32LittleEndian(other[20..]);
                BinaryPrimitives.WriteUInt32LittleEndian(entry[16..], (uint)(start + random.Next(-2, 3)));
                break;
            case 4:
                BinaryPrimitives.WriteUInt32LittleEndian(entry[20..], (uint)(BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]) + random.Next(-2, 3)));
                break;
            case 5:
                other.CopyTo(entry);
                break;
            case 6:
                byte[] kept = entry.ToArray();
                other.CopyTo(entry);
                kept.CopyTo(other);
                break;
            case 7:
                entry.Clear();
                break;
            case 8:
                // One entry more, at the front: what the others point to has not moved.
                return [.. entry, .. table];
            case 9:
                return table[EntrySize..];
            default:
                int at = Math.Min(entries * EntrySize, table.Length - 1);
                table[random.Next(at, table.Length)] ^= (byte)(1 << random.Next(8));
                break;
        }

        return table;
    }

    private static int Entries(byte[] table)
    {
        int count = 1;
        while (count < 40 && (count + 1) * EntrySize <= table.Length && table.AsSpan(count * EntrySize, EntrySize).ContainsAnyExcept((byte)0))
        {
            count++;
        }

        return count;
    }
}
