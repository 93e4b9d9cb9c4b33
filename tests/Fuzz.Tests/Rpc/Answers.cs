using Google.Rpc;
using Grpc.Core;

namespace Verifier.Fuzz.Tests.Rpc;

/// <summary>What a refusal must be: typed, with a reason and what is wrong, and never a word of an inner fault.</summary>
internal static class Answers
{
    public static string Kind(RpcException refusal)
    {
        Assert.False(refusal.StatusCode is StatusCode.Internal or StatusCode.Unknown, refusal.ToString());
        Google.Rpc.Status? status = refusal.GetRpcStatus();
        string? reason = status?.GetDetail<ErrorInfo>()?.Reason;
        Assert.False(string.IsNullOrEmpty(reason), $"without a reason: {refusal}");
        BadRequest.Types.FieldViolation? first = status!.GetDetail<BadRequest>()?.FieldViolations.FirstOrDefault();
        return first is null ? $"{refusal.StatusCode} {reason}" : $"{refusal.StatusCode} {reason} {first.Field} {first.Reason}";
    }
}
