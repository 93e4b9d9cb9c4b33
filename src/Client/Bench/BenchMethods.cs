using System.Buffers;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Verifier.Client.Options;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Bench;

/// <summary>
/// The calls that are measured, with requests that were put into bytes beforehand and answers that are read no further than needed: what this side
/// does takes processor time from a service on the same machine.
/// </summary>
internal static class BenchMethods
{
    private const string VerifierName = "verifier.v1.VerifierService";

    private static readonly Marshaller<byte[]> Prepared = Marshallers.Create<byte[]>((bytes, context) => context.Complete(bytes), _ => []);
    private static readonly Marshaller<CallResult> Verdict = Marshallers.Create<CallResult>((_, _) => throw new NotSupportedException(), ReadVerdict);
    private static readonly Marshaller<CallResult> Anything = Marshallers.Create<CallResult>((_, _) => throw new NotSupportedException(), _ => CallResult.Accepted);

    private static Method<byte[], CallResult> Verify { get; } = new(MethodType.Unary, VerifierName, "Verify", Prepared, Verdict);

    private static Method<byte[], CallResult> Challenge { get; } = new(MethodType.Unary, VerifierName, "CreateChallenge", Prepared, Anything);

    /// <summary>grpc.health.v1: a call that does next to nothing, and so tells what a call costs by itself.</summary>
    private static Method<byte[], CallResult> Health { get; } = new(MethodType.Unary, "grpc.health.v1.Health", "Check", Prepared, Anything);

    /// <summary>The method of an operation of <see cref="MixOptions"/>.</summary>
    public static Method<byte[], CallResult> Of(string operation) => operation switch
    {
        MixOptions.ChallengeOperation => Challenge,
        MixOptions.HealthOperation => Health,
        _ => Verify,
    };

    // The decision, read without the rest; of a refusal the check that failed, too. Whatever is not plainly an acceptance is none.
    private static CallResult ReadVerdict(DeserializationContext context)
    {
        ReadOnlySequence<byte> payload = context.PayloadAsReadOnlySequence();

        // Where it stands in one array it is read there: copies of answers are most of what this side would allocate.
        ArraySegment<byte> answer = payload.IsSingleSegment && MemoryMarshal.TryGetArray(payload.First, out ArraySegment<byte> whole) ? whole : payload.ToArray();
        if (Outcome(answer) == V1.AttestationVerdict.Types.Outcome.Accepted)
        {
            return CallResult.Accepted;
        }

        V1.AttestationVerdict verdict = V1.VerifyResponse.Parser.ParseFrom(answer).Verdict ?? new();
        return new CallResult(CallOutcome.Rejected, verdict.Checks.FirstOrDefault(c => c.Status == V1.Check.Types.Status.Failed)?.Id ?? "no check failed");
    }

    private static V1.AttestationVerdict.Types.Outcome Outcome(ArraySegment<byte> answer)
    {
        CodedInputStream response = new(answer.Array, answer.Offset, answer.Count);
        while (response.ReadTag() is var tag && tag != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) != V1.VerifyResponse.VerdictFieldNumber)
            {
                response.SkipLastField();
                continue;
            }

            int length = response.ReadLength();
            long end = response.Position + length;
            while (response.Position < end)
            {
                if (WireFormat.GetTagFieldNumber(response.ReadTag()) == V1.AttestationVerdict.OutcomeFieldNumber)
                {
                    return (V1.AttestationVerdict.Types.Outcome)response.ReadEnum();
                }

                response.SkipLastField();
            }
        }

        return V1.AttestationVerdict.Types.Outcome.Unspecified;
    }
}
