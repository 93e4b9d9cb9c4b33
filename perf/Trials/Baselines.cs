using System.Globalization;
using System.Security.Cryptography;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Reports;
using Verifier.TestKit;

namespace Verifier.Perf.Trials;

/// <summary>What others need for one verification, and what the library needs, in microseconds of processor time.</summary>
internal static class Baselines
{
    /// <summary>One ECDSA P-384 verification by the program openssl, which counts its processor time.</summary>
    public static async Task<double> OpenSslVerifyAsync(int seconds)
    {
        string told = await ToolProcess.OutputAsync("openssl", "speed", "-seconds", seconds.ToString(CultureInfo.InvariantCulture), "ecdsap384");

        // Of the last line the last figure: verifications for each second.
        string last = told.TrimEnd().Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
        return 1e6 / double.Parse(last, CultureInfo.InvariantCulture);
    }

    /// <summary>One check of a report's signature by the library, the key kept, on this thread.</summary>
    public static Func<TimeSpan, double> LibraryVerify()
    {
        Scenario scenario = Scenario.Vcek();
        byte[] bytes = scenario.SignReport();
        EndorsementKey key = scenario.Authenticate(bytes, scenario.Bundle).Endorsement ?? throw new InvalidOperationException("The simulated guest is not authentic.");
        if (!AttestationReport.TryParse(bytes, out AttestationReport? report, out EvidenceFault fault))
        {
            throw new InvalidOperationException(fault.ToString());
        }

        byte[] signature = [.. bytes.AsSpan(0x2A0, 48), .. bytes.AsSpan(0x2A0 + 72, 48)];
        signature.AsSpan(0, 48).Reverse();
        signature.AsSpan(48).Reverse();
        return duration => CpuOf(duration, () => key.Verify(report.SignedBytes, signature));
    }

    /// <summary>One verification by the platform's library as .NET loads it, the key kept.</summary>
    public static Func<TimeSpan, double> PlatformVerify()
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        byte[] message = new byte[0x2A0];
        byte[] signature = key.SignData(message, HashAlgorithmName.SHA384);
        return duration => CpuOf(duration, () => key.VerifyData(message, signature, HashAlgorithmName.SHA384));
    }

    // The whole process's time: collecting what a check leaves behind is part of what it costs.
    private static double CpuOf(TimeSpan duration, Func<bool> check)
    {
        TimeSpan begun = Environment.CpuUsage.TotalTime;
        long count = 0;
        while (Environment.CpuUsage.TotalTime - begun < duration)
        {
            for (int i = 0; i < 50; i++, count++)
            {
                if (!check())
                {
                    throw new InvalidOperationException("A good signature was refused.");
                }
            }
        }

        return (Environment.CpuUsage.TotalTime - begun).TotalMicroseconds / count;
    }
}
