using Google.Protobuf;
using Grpc.Core;
using Verifier.Contracts.V1;

namespace Verifier.EndToEnd.Tests.Documents;

/// <summary>The example of docs/calling.md.</summary>
internal static class CallingExample
{
    // begin
    public static async Task<bool> IsTrustedAsync(ChannelBase channel, byte[] report, string certificates, byte[] nonce)
    {
        VerifyRequest question = new()
        {
            Evidence = new() { Snp = new() { Report = ByteString.CopyFrom(report), Pem = certificates } },
            Binding = new() { Nonce = ByteString.CopyFrom(nonce) },
            Expectations = new() { Image = "coconut-svsm", Kinds = { LaunchKind.SvsmIgvm } },
        };
        VerifierService.VerifierServiceClient verifier = new(channel);
        VerifyResponse answer = await verifier.VerifyAsync(question, deadline: DateTime.UtcNow.AddSeconds(10));

        // One value means yes. Everything else, a value that this client does not know included, is a no.
        return answer.Verdict?.Outcome == AttestationVerdict.Types.Outcome.Accepted;
    }
    // end
}
