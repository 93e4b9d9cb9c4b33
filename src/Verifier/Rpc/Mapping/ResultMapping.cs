using Verifier.Service.Rpc.Errors;
using Verifier.Service.Tokens;
using Profile = Verifier.Contracts.V1.ResultRequest.Types.Profile;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>What is asked of a signed result.</summary>
internal static class ResultMapping
{
    private const int LongestAudience = 256;

    public static ResultWish? Read(FieldPath root, Proto.VerifyRequest request)
    {
        if (request.Result is not { } result)
        {
            return null;
        }

        FieldPath path = root.Field("result");
        string audience = FieldRules.Text(
            path.Field("audience"), result.Audience, 1, LongestAudience, "printable ASCII characters without spaces", c => c is > ' ' and <= '~');
        if (!Enum.IsDefined(result.Profile))
        {
            path.Field("profile").Fail(ViolationReasons.UnknownValue, "is not a value that this service knows");
        }

        if (request.Binding is null)
        {
            root.Field("binding").Fail(ViolationReasons.Required, "is required: a result is never made for an unbound report");
        }

        return new ResultWish(audience, result.Profile == Profile.Ear03 ? EarProfile.Ear03 : EarProfile.Ear2023);
    }
}
