using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Verifier.Service.Challenges;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Challenges, from the wire and to it.</summary>
internal static class ChallengeMapping
{
    // Some of those that wait are used or expire meanwhile.
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    public static (string Tenant, TimeSpan? Life) Read(Proto.CreateChallengeRequest request, TimeSpan longest)
    {
        FieldViolations violations = new();
        string tenant = NameMapping.Tenant(violations.Root.Field("tenant"), request.Tenant);
        TimeSpan? life = request.Life is { } given ? Life(violations.Root.Field("life"), given, longest) : null;
        violations.ThrowIfAny();
        return (tenant, life);
    }

    public static Proto.CreateChallengeResponse ToProto(IssuedChallenge issued) => new()
    {
        Challenge = ByteString.CopyFrom(issued.Bytes.Span),
        ExpireTime = Timestamp.FromDateTimeOffset(issued.ExpireTime),
    };

    public static RpcException TooMany() =>
        RpcErrors.Busy(ErrorReasons.TooManyChallenges, "the tenant has as many unused challenges as the service keeps", Retry);

    // By its parts: a duration that is no normal one must not be converted.
    private static TimeSpan? Life(FieldPath path, Duration value, TimeSpan longest)
    {
        bool isNormal = value is { Seconds: >= 0 and <= 3600, Nanos: >= 0 and < 1_000_000_000 };
        if (isNormal && value.ToTimeSpan() is var life && life >= ChallengeIssuer.ShortestLife && life <= longest)
        {
            return life;
        }

        path.Fail(ViolationReasons.OutOfRange, "must be 1 second to the life that the service gives");
        return null;
    }
}
