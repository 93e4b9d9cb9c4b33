using Grpc.Core;
using Verifier.Client.Views;
using Verifier.Sdk;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Online;

/// <summary>
/// Asks whether a guest is to be trusted. An acceptance that comes too late is not used, by the rule of the library for relying parties, and asked for anew
/// within the time of the whole command. With a challenge it is not: that is used up, and only the guest can make a report with another.
/// </summary>
internal static class Question
{
    /// <param name="verifier">The service.</param>
    /// <param name="request">The question.</param>
    /// <param name="call">Options of all calls together: one deadline.</param>
    /// <param name="patience">How long that deadline is away.</param>
    /// <param name="clock">The clock that ages go by.</param>
    public static async Task<V1.VerifyResponse> AskAsync(
        V1.VerifierService.VerifierServiceClient verifier, V1.VerifyRequest request, CallOptions call, TimeSpan patience, TimeProvider clock)
    {
        long begun = clock.GetTimestamp();
        RpcException? late = null;
        while (true)
        {
            try
            {
                return await AcceptanceAge.DemandAsync(
                    async () => await verifier.VerifyAsync(request, call), answer => ServiceViews.Of(answer).IsAccepted, AcceptanceAge.Most, clock);
            }
            catch (RpcException e) when (AcceptanceAge.IsExceeded(e) && request.Binding?.Challenge is null && clock.GetElapsedTime(begun) < patience)
            {
                late = e;
            }
            catch (RpcException e) when (late is not null && e.StatusCode == StatusCode.DeadlineExceeded && !AcceptanceAge.IsExceeded(e))
            {
                // The time ended in the middle of a repeat: there was an answer, only none in time.
                throw late;
            }
        }
    }
}
