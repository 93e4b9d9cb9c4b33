using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Verifier.Service.Usage;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>What a revocation would do, to the wire.</summary>
internal static class ImpactMapping
{
    public static Proto.RevocationImpact ToProto(RevocationImpact impact)
    {
        Proto.RevocationImpact told = new() { Accepted = (ulong)impact.Accepted, LossWindow = Duration.FromTimeSpan(UsageLimits.FlushInterval) };
        told.Uses.AddRange(impact.Uses.Select(u => new Proto.RevocationImpact.Types.Use
        {
            Day = u.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Caller = u.Caller,
            Accepted = (ulong)u.Accepted,
        }));
        told.OtherReferenceValues.AddRange(impact.OtherReferenceValues);
        return told;
    }
}
