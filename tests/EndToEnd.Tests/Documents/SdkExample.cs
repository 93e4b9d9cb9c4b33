using Verifier.Contracts.V1;
using Verifier.Sdk;

namespace Verifier.EndToEnd.Tests.Documents;

/// <summary>The example of docs/calling.md for .NET.</summary>
internal static class SdkExample
{
    // begin
    public static async Task<VerifiedGuest> AdmitAsync(
        VerifierClient verifier, Func<ReadOnlyMemory<byte>, Task<(byte[] Report, string Certificates)>> askGuest, CancellationToken cancellation)
    {
        return await verifier.VerifyAsync(
            async (challenge, _) =>
            {
                (byte[] report, string certificates) = await askGuest(challenge.Bytes);
                return new GuestEvidence(report) { CertificatesPem = certificates };
            },
            new Expectations { Image = "coconut-svsm", Kinds = { LaunchKind.SvsmIgvm } },
            cancellation);
    }
    // end
}
