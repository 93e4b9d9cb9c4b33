using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Judgement;
using SevSnp.Verification;
using Verifier.TestKit;

namespace SevSnp.Tests.Simulation;

internal static class SimulationAssert
{
    public static void IsAuthentic(Scenario scenario) => IsAuthentic(scenario.Authenticate());

    public static void IsAuthentic(Authentication authentication)
    {
        Assert.Empty(Failed(authentication.Checks));
        Assert.NotNull(authentication.Verified);
    }

    /// <summary>Exactly these checks fail, and no verified report comes out.</summary>
    public static void IsRefused(Scenario scenario, params CheckId[] checks) => IsRefused(scenario.Authenticate(), checks);

    public static void IsRefused(Authentication authentication, params CheckId[] checks)
    {
        Assert.Equal(checks, Failed(authentication.Checks).Select(c => c.Id));
        Assert.Null(authentication.Verified);
    }

    /// <summary>Exactly these checks fail, in the whole of judging.</summary>
    public static void IsRejected(AttestationVerdict verdict, RejectionKind kind, params CheckId[] checks)
    {
        Assert.Equal(checks, Failed(verdict.Checks).Select(c => c.Id));
        Assert.Equal(kind, verdict.Rejection);
        Assert.False(verdict.Accepted);
    }

    public static void IsAccepted(AttestationVerdict verdict)
    {
        Assert.Empty(Failed(verdict.Checks));
        Assert.True(verdict.Accepted);
        Assert.Equal(RejectionKind.None, verdict.Rejection);
    }

    public static CertificateBundle Bundle(params byte[][] certificates) =>
        CertificateBundle.FromDer(certificates.Select(der => new ReadOnlyMemory<byte>(der)));

    private static IEnumerable<CheckResult> Failed(IEnumerable<CheckResult> checks) => checks.Where(c => c.Status == CheckStatus.Failed);
}
