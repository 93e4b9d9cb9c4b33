using System.Numerics;
using SevSnp.Checks;
using SevSnp.Reports;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

/// <summary>The report's signature, on evidence that is always at hand; the real reports go through the same elsewhere.</summary>
public sealed class ReportSignatureTests
{
    // Order of P-384 (SP 800-186), written down here apart from the library's.
    private static readonly BigInteger N = Big(Convert.FromHexString("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973"));

    private static readonly Lazy<(Scenario Scenario, byte[] Report)> Good = new(() =>
    {
        Scenario scenario = Scenario.Vcek();
        return (scenario, scenario.SignReport());
    });

    [Fact]
    public void T07_ScalarsOutOfRange_AreRefusedBeforeAnyMaths()
    {
        (BigInteger r, BigInteger s) = Scalars(Good.Value.Report);
        BigInteger max = (BigInteger.One << 384) - 1;
        (BigInteger R, BigInteger S)[] outside = [(0, s), (r, 0), (0, 0), (N, s), (r, N), (N + 1, s), (r, N + 1), (max, s), (r, max), (N, N), (max, max)];
        Assert.All(outside, pair => SimulationAssert.IsRefused(Judge(pair.R, pair.S), CheckId.SignatureIsWellFormed));
    }

    [Fact]
    public void T07_ScalarsInRangeThatAreNotTheSignature_AreRefusedByTheMaths()
    {
        (BigInteger r, BigInteger s) = Scalars(Good.Value.Report);
        (BigInteger R, BigInteger S)[] inside = [(1, 1), (r, 1), (1, s), (N - 1, N - 1), (r, s + 1), (r - 1, s), (N - r, s)];
        Assert.All(inside, pair => SimulationAssert.IsRefused(Judge(pair.R, pair.S), CheckId.ReportSignatureIsValid));
    }

    [Fact]
    public void T09_TheOtherEquivalentSignature_IsAuthenticWithTheSameEvidenceId()
    {
        (BigInteger r, BigInteger s) = Scalars(Good.Value.Report);
        Authentication first = Judge(r, s);
        Authentication twin = Judge(r, N - s);
        SimulationAssert.IsAuthentic(first);
        SimulationAssert.IsAuthentic(twin);
        Assert.Equal(first.Report.EvidenceId, twin.Report.EvidenceId);
        Assert.NotEqual(first.Report.Bytes.ToArray(), twin.Report.Bytes.ToArray());
    }

    [Fact]
    public void T10_OtherOrderOfBytesOrScalars_IsRefused()
    {
        (BigInteger r, BigInteger s) = Scalars(Good.Value.Report);
        (BigInteger R, BigInteger S)[] permuted = [(s, r), (Reversed(r), Reversed(s)), (Reversed(s), Reversed(r)), (Reversed(r), s), (r, Reversed(s))];
        foreach ((BigInteger otherR, BigInteger otherS) in permuted)
        {
            Authentication authentication = Judge(otherR, otherS);
            Assert.Null(authentication.Verified);
            Assert.Contains(authentication.Checks, c => c.Status == CheckStatus.Failed && c.Id is CheckId.ReportSignatureIsValid or CheckId.SignatureIsWellFormed);
        }
    }

    [Fact]
    public void T08_ScalarPlusTheOrder_DoesNotParse()
    {
        (BigInteger r, BigInteger s) = Scalars(Good.Value.Report);
        foreach ((int offset, BigInteger value) in ((int, BigInteger)[])[(0x2A0, r + N), (0x2E8, s + N), (0x2A0, r + (N << 100)), (0x2E8, s + (N << 100))])
        {
            byte[] report = [.. Good.Value.Report];
            Array.Clear(report, offset, 72);
            value.TryWriteBytes(report.AsSpan(offset, 72), out _, isUnsigned: true);
            bool isReport = AttestationReport.TryParse(report, out _, out EvidenceFault fault);
            Assert.True(isReport ? value >> 384 == 0 : fault.Check == CheckId.SignatureIsWellFormed);
            Assert.True(!isReport || Good.Value.Scenario.Authenticate(report, Good.Value.Scenario.Bundle).Verified is null);
        }
    }

    [Fact]
    public void T02_OneBitOfEveryByte_IsRefused()
    {
        (Scenario scenario, byte[] good) = Good.Value;
        var bundle = scenario.Bundle;
        SimulationAssert.IsAuthentic(scenario.Authenticate(good, bundle));
        for (int offset = 0; offset < good.Length; offset++)
        {
            byte[] report = [.. good];
            report[offset] ^= (byte)(1 << (offset % 8));
            if (AttestationReport.TryParse(report, out AttestationReport? parsed, out _))
            {
                Assert.Null(Authenticator.Authenticate(new Evidence(parsed, bundle), scenario.Roots, scenario.At).Verified);
            }
        }
    }

    private static Authentication Judge(BigInteger r, BigInteger s)
    {
        byte[] report = [.. Good.Value.Report];
        ReportBuilder.WriteSignature(report, [.. Bytes(r), .. Bytes(s)]);
        return Good.Value.Scenario.Authenticate(report, Good.Value.Scenario.Bundle);
    }

    private static (BigInteger R, BigInteger S) Scalars(byte[] report) =>
        (new BigInteger(report.AsSpan(0x2A0, 48), isUnsigned: true), new BigInteger(report.AsSpan(0x2E8, 48), isUnsigned: true));

    private static BigInteger Big(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static BigInteger Reversed(BigInteger value) => new(Bytes(value), isUnsigned: true);

    private static byte[] Bytes(BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[48 - bytes.Length], .. bytes];
    }
}
