using System.Globalization;
using System.Numerics;
using Verifier.Fuzz.Tests.Mutators;
using Verifier.TestKit;

namespace Verifier.Fuzz.Tests.Reports;

/// <summary>Changes reports field by field, at their offsets, and signatures by the numbers near which arithmetic goes wrong.</summary>
internal static class ReportMutator
{
    private const int R = ReportBuilder.SignedSize;
    private const int Scalar = 48;
    private const int ScalarField = 72;

    // The order of P-384 and its prime (FIPS 186-4, D.1.2.4).
    private static readonly BigInteger Order = Hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973");
    private static readonly BigInteger Prime = Hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF");

    // Offsets and lengths of what AMD 56860 names, once more of our own: the reader's table must not be the tester's.
    private static readonly (int Offset, int Length)[] Fields =
    [
        (0x000, 4), (0x004, 4), (0x008, 8), (0x010, 16), (0x020, 16), (0x030, 4), (0x034, 4), (0x038, 8), (0x040, 8), (0x048, 4), (0x04C, 4), (0x050, 64), (0x090, 48), (0x0C0, 32),
        (0x0E0, 48), (0x110, 48), (0x140, 32), (0x160, 32), (0x180, 8), (0x188, 3), (0x18B, 21), (0x1A0, 64), (0x1E0, 8), (0x1E8, 3), (0x1EB, 1), (0x1EC, 3), (0x1EF, 1), (0x1F0, 8),
        (0x1F8, 8), (0x200, 8), (0x208, 152), (R, Scalar), (R + Scalar, ScalarField - Scalar), (R + ScalarField, Scalar), (R + ScalarField + Scalar, ScalarField - Scalar), (0x330, 368),
    ];

    private static readonly int[] Tcbs = [0x038, 0x180, 0x1E0, 0x1F0];

    public static byte[] Mutate(Random random, byte[] input, IReadOnlyList<byte[]> others)
    {
        byte[] report = [.. input];
        if (report.Length != ReportBuilder.Size)
        {
            return ByteMutator.Mutate(random, report);
        }

        for (int i = random.Next(1, 4); i > 0; i--)
        {
            Change(random, report, others[random.Next(others.Count)]);
        }

        return random.Next(24) switch
        {
            0 => report[..random.Next(report.Length)],
            1 => [.. report, .. new byte[random.Next(1, 64)]],
            2 => ByteMutator.Mutate(random, report),
            _ => report,
        };
    }

    private static void Change(Random random, byte[] report, byte[] other)
    {
        (int offset, int length) = Fields[random.Next(Fields.Length)];
        Span<byte> field = report.AsSpan(offset, length);
        switch (random.Next(10))
        {
            case 0:
                field[random.Next(length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                Numbers.Write(random, field[..Math.Min(8, length)]);
                break;
            case 2:
                field.Fill((byte)(random.Next(2) * 0xFF));
                break;
            case 3 when other.Length == report.Length:
                other.AsSpan(offset, length).CopyTo(field);
                break;
            case 4:
                // One number of a TCB a little up or down, in one TCB or in all four.
                int at = random.Next(8);
                int by = random.Next(2) == 0 ? 1 : -1;
                foreach (int tcb in random.Next(2) == 0 ? Tcbs : Tcbs[..random.Next(1, Tcbs.Length)])
                {
                    report[tcb + at] = (byte)(report[tcb + at] + by);
                }

                break;
            case 5:
                report[0x008 + random.Next(4)] ^= (byte)(1 << random.Next(8));
                break;
            case 6:
                report[0] = (byte)random.Next(8);
                break;
            case 7:
                report[0x048] = (byte)random.Next(32);
                break;
            default:
                ChangeScalar(random, report.AsSpan(random.Next(2) == 0 ? R : R + ScalarField, Scalar));
                break;
        }
    }

    private static void ChangeScalar(Random random, Span<byte> field)
    {
        BigInteger value = new(field, isUnsigned: true);
        BigInteger changed = random.Next(10) switch
        {
            0 => 0,
            1 => 1,
            2 => Order,
            3 => Order - 1,
            4 => Order + 1,
            5 => Order - value,
            6 => value + Order,
            7 => Prime,
            8 => value ^ (BigInteger.One << random.Next(384)),
            _ => (BigInteger.One << 384) - 1,
        };
        changed = BigInteger.Abs(changed) & ((BigInteger.One << 384) - 1);
        field.Clear();
        changed.TryWriteBytes(field, out _, isUnsigned: true);
    }

    private static BigInteger Hex(string digits) => BigInteger.Parse("0" + digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
