using System.Numerics;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Crypto;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Verification;

/// <summary>Every small change to every real report, through parser and authenticator.</summary>
public class ReportMutationTests
{
    private const int R = 0x2A0;
    private const int S = 0x2E8;

    private static readonly BigInteger Order = new(P384.Order, isUnsigned: true, isBigEndian: true);

    public static TheoryData<string> Names => new(Vectors.SnpReportNames);

    public static TheoryData<string> SignedNames =>
        Vectors.IsPresent ? new(Vectors.Snp.Where(v => v.Expected.ReportSignature == "ok").Select(v => v.Name)) : new(Vectors.SnpReportNames);

    [Theory]
    [MemberData(nameof(Names))]
    public void T02_EverySingleBitFlip_IsRefused(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        Subject subject = new(Vectors.SnpByName(name));
        int bits = subject.Bytes.Length * 8;
        Assert.Equal(9472, bits);

        int malformed = 0;
        int judged = 0;
        Parallel.For(0, bits, new ParallelOptions { MaxDegreeOfParallelism = 2 }, bit =>
        {
            byte[] changed = [.. subject.Bytes];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            bool isReport = subject.TryJudge(changed, out Authentication? result);
            Interlocked.Increment(ref isReport ? ref judged : ref malformed);
            Assert.True(result?.Verified is null, $"{name}: bit {bit % 8} of byte 0x{bit / 8:x} flipped, and still verified");
        });

        // Both ways of refusal are at work: reserved bits at the door, all others by the signature.
        Assert.Equal(bits, malformed + judged);
        Assert.InRange(malformed, 368 * 8, bits - (500 * 8));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void T01_EveryOtherLengthUpTo2400_IsRefused(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        byte[] report = Vectors.SnpByName(name).ReadReport();
        for (int length = 0; length <= 2400; length++)
        {
            byte[] changed = new byte[length];
            report.AsSpan(0, Math.Min(length, report.Length)).CopyTo(changed);
            bool isReport = AttestationReport.TryParse(changed, out _, out EvidenceFault fault);
            Assert.Equal(length == 1184, isReport);
            Assert.Equal(isReport ? CheckId.None : CheckId.ReportLengthIsExact, fault.Check);
        }
    }

    [Theory]
    [MemberData(nameof(SignedNames))]
    public void T09_TwinSignature_IsTheSameEvidence(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        Subject subject = new(Vectors.SnpByName(name));
        byte[] twin = subject.Bytes.SetSignature(subject.Scalar(R), Bytes(Order - subject.Number(S)));
        Assert.NotEqual(subject.Bytes, twin);

        Assert.True(subject.TryJudge(subject.Bytes, out Authentication? first));
        Assert.True(subject.TryJudge(twin, out Authentication? second));
        Assert.NotNull(second.Verified);
        Assert.Equal(first.Report.EvidenceId, second.Report.EvidenceId);
        Assert.Equal(first.Checks, second.Checks);
    }

    [Theory]
    [MemberData(nameof(SignedNames))]
    public void T07_T08_T10_EveryOtherEncodingOfTheSignature_IsRefused(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        Subject subject = new(Vectors.SnpByName(name));
        byte[] r = subject.Scalar(R);
        byte[] s = subject.Scalar(S);
        byte[] zero = new byte[48];
        (byte[] R, byte[] S)[] signatures =
        [
            (s, r),
            ([.. r.Reverse()], [.. s.Reverse()]),
            ([.. s.Reverse()], [.. r.Reverse()]),
            (r, [.. s.Reverse()]),
            ([.. r.Reverse()], s),
            (Bytes(subject.Number(R) + Order), s),
            (r, Bytes(subject.Number(S) + Order)),
            (Bytes(subject.Number(R) + (Order << 100)), s),
            (zero, s),
            (r, zero),
            (zero, zero),
            (Bytes(1), Bytes(1)),
            (Bytes(Order), s),
            (r, Bytes(Order)),
            (Bytes(Order - subject.Number(R)), s),
        ];

        Assert.All(signatures, signature =>
        {
            subject.TryJudge(subject.Bytes.SetSignature(signature.R, signature.S), out Authentication? result);
            Assert.Null(result?.Verified);
        });
    }

    [Theory]
    [MemberData(nameof(SignedNames))]
    public void T08_EachTopByteOfRAndS_MustBeZero(string name)
    {
        Assert.SkipUnless(Vectors.IsPresent, Vectors.SkipReason);
        byte[] report = Vectors.SnpByName(name).ReadReport();
        foreach (int at in Enumerable.Range(R + 48, 24).Concat(Enumerable.Range(S + 48, 24)))
        {
            byte[] changed = [.. report];
            changed[at] = 1;
            Assert.False(AttestationReport.TryParse(changed, out _, out EvidenceFault fault));
            Assert.Equal((CheckId.SignatureIsWellFormed, at), (fault.Check, fault.Offset));
        }
    }

    // At least 48 bytes; one more than the field needs shows up in its top bytes.
    private static byte[] Bytes(BigInteger value)
    {
        byte[] minimal = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[Math.Max(0, 48 - minimal.Length)], .. minimal];
    }

    private sealed class Subject(SnpVector vector)
    {
        private readonly CertificateBundle _bundle = RealEvidence.Bundle(vector);

        public byte[] Bytes { get; } = vector.ReadReport();

        public byte[] Scalar(int offset) => [.. Bytes.AsSpan(offset, 48).ToArray().Reverse()];

        public BigInteger Number(int offset) => new(Bytes.AsSpan(offset, 48), isUnsigned: true);

        public bool TryJudge(byte[] bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Authentication? result)
        {
            result = AttestationReport.TryParse(bytes, out AttestationReport? report, out _)
                ? Authenticator.Authenticate(new Evidence(report, _bundle), TrustRoots.Amd, vector.VerificationTime)
                : null;
            return result is not null;
        }
    }
}
