using Verifier.EndToEnd.Tests.Running;
using Verifier.Sdk;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Documents;

/// <summary>The example of docs/calling.md for .NET is this code, and does what it says with the real service.</summary>
public sealed class SdkExampleTests
{
    private static readonly Scenario Guest = Scenario.Vcek();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Document_ShowsTheExampleAsItIsRun()
    {
        string[] source = File.ReadAllText(RepositoryRoot.Combine("tests", "EndToEnd.Tests", "Documents", "SdkExample.cs")).Split(["    // begin\n", "    // end\n"], StringSplitOptions.None);
        string code = string.Join('\n', source[1].Split('\n').Select(l => l.StartsWith("    ", StringComparison.Ordinal) ? l[4..] : l));

        Assert.Contains($"```csharp\n{code}```", File.ReadAllText(RepositoryRoot.Combine("docs", "calling.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegisteredGuest_IsAdmitted_AndNoOther()
    {
        await using RunningService service = await RunningService.StartAsync(roots: Guest.Amd.Roots);
        using VerifierClient verifier = new(new VerifierClientOptions { Address = new Uri(service.Address) });
        GuestRefusedException unregistered = await Assert.ThrowsAsync<GuestRefusedException>(() => SdkExample.AdmitAsync(verifier, FreshAsync, Cancellation));
        await service.RegisterAsync("guest", Guest.Report.Measurement);

        VerifiedGuest guest = await SdkExample.AdmitAsync(verifier, FreshAsync, Cancellation);
        GuestRefusedException old = await Assert.ThrowsAsync<GuestRefusedException>(() => SdkExample.AdmitAsync(verifier, _ => FreshAsync(guest.Challenge.Bytes), Cancellation));

        Assert.Equal("MEASUREMENT_IS_REGISTERED", Assert.Single(unregistered.FailedChecks).Id);
        Assert.Equal(Requests.Name("guest"), guest.Verdict.Reference.Name);
        Assert.Contains(old.FailedChecks, c => c.Id == "REPORT_DATA_MATCHES_BINDING");
    }

    [Fact]
    public async Task T59_KeyOfTheGuest_IsBoundWithTheChallenge()
    {
        await using RunningService service = await RunningService.StartAsync(roots: Guest.Amd.Roots);
        await service.RegisterAsync("guest", Guest.Report.Measurement);
        using VerifierClient verifier = new(new VerifierClientOptions { Address = new Uri(service.Address) });
        ChallengeUse own = ChallengeUse.WithBytes(new byte[] { 1, 2, 3 }), foreign = ChallengeUse.WithBytes(new byte[] { 1, 2, 4 });

        VerifiedGuest guest = await verifier.VerifyAsync((c, _) => Task.FromResult(Evidence(own, own, c)), cancellation: Cancellation);
        await Assert.ThrowsAsync<GuestRefusedException>(() => verifier.VerifyAsync((c, _) => Task.FromResult(Evidence(own, foreign, c)), cancellation: Cancellation));

        Assert.Equal([1, 2, 3], guest.Verdict.Bound.Parts[1].ToByteArray());
    }

    private static Task<(byte[] Report, string Certificates)> FreshAsync(ReadOnlyMemory<byte> challenge) =>
        Task.FromResult((Guest.WithReport(r => r with { ReportData = challenge.ToArray() }).SignReport(), Guest.CertificatesPem));

    private static GuestEvidence Evidence(ChallengeUse made, ChallengeUse claimed, GuestChallenge challenge) =>
        new(Guest.WithReport(r => r with { ReportData = made.ReportData(challenge.Bytes) }).SignReport()) { CertificatesPem = Guest.CertificatesPem, Use = claimed };
}
