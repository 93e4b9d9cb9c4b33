using SevSnp.Policies;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;
using HashedWith = Verifier.Contracts.V1.ChallengeBinding.HashedWithOneofCase;
using Scheme = Verifier.Contracts.V1.ReportDataBinding.SchemeOneofCase;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>The REPORT_DATA binding: exactly the scheme that was named. Lengths are looked at here, so that the fault names its field.</summary>
internal static class BindingMapping
{
    private const int NonceLength = 64;
    private const int CoordinateLength = 66;
    private const int MostManifest = 16 * 1024;
    private const int MostChallenge = 1024;
    private const int MostParts = 16;
    private const int MostPartsLength = 16 * 1024;

    public static ReportDataBinding? Read(FieldPath path, Proto.ReportDataBinding? value)
    {
        if (value is null || !IsWellFormed(path, value))
        {
            return null;
        }

        (ReportDataBinding? binding, string rule) = Make(value);
        if (binding is null)
        {
            path.Fail(ViolationReasons.WrongFormat, rule);
        }

        return binding;
    }

    private static bool IsWellFormed(FieldPath path, Proto.ReportDataBinding value)
    {
        switch (value.SchemeCase)
        {
            case Scheme.ReportData:
                return FieldRules.Exactly(path.Field("report_data"), value.ReportData, ReportDataBinding.Size) is not null;
            case Scheme.Nonce:
                return FieldRules.Exactly(path.Field("nonce"), value.Nonce, NonceLength) is not null;
            case Scheme.SvsmManifest:
                path = path.Field("svsm_manifest");
                return FieldRules.Exactly(path.Field("nonce"), value.SvsmManifest.Nonce, NonceLength) is not null
                    & FieldRules.Between(path.Field("manifest"), value.SvsmManifest.Manifest, 1, MostManifest);
            case Scheme.SvsmNegotiated:
                path = path.Field("svsm_negotiated");
                return FieldRules.Between(path.Field("challenge"), value.SvsmNegotiated.Challenge, 1, MostChallenge)
                    & FieldRules.Exactly(path.Field("x"), value.SvsmNegotiated.X, CoordinateLength) is not null
                    & FieldRules.Exactly(path.Field("y"), value.SvsmNegotiated.Y, CoordinateLength) is not null;
            case Scheme.Sha512:
                return ArePartsWellFormed(path.Field("sha512").Field("parts"), value.Sha512, MostParts);
            case Scheme.Challenge:
                return IsWellFormed(path.Field("challenge"), value.Challenge);
            default:
                path.Field("scheme").Required();
                return false;
        }
    }

    private static bool IsWellFormed(FieldPath path, Proto.ChallengeBinding value)
    {
        bool isGood = FieldRules.Exactly(path.Field("challenge"), value.Challenge, ReportDataBinding.Size) is not null;
        return value.HashedWithCase switch
        {
            HashedWith.SvsmManifest => FieldRules.Between(path.Field("svsm_manifest"), value.SvsmManifest, 1, MostManifest) & isGood,
            HashedWith.SvsmNegotiated => FieldRules.Exactly(path.Field("svsm_negotiated").Field("x"), value.SvsmNegotiated.X, CoordinateLength) is not null
                & FieldRules.Exactly(path.Field("svsm_negotiated").Field("y"), value.SvsmNegotiated.Y, CoordinateLength) is not null
                & isGood,
            HashedWith.Sha512 => ArePartsWellFormed(path.Field("sha512").Field("parts"), value.Sha512, MostParts - 1) & isGood,
            _ => isGood,
        };
    }

    private static bool ArePartsWellFormed(FieldPath path, Proto.Sha512Binding value, int most)
    {
        if (value.Parts.Count == 0)
        {
            path.Required();
            return false;
        }

        if (!FieldRules.AtMost(path, value.Parts.Count, most))
        {
            return false;
        }

        bool isGood = true;
        for (int i = 0; i < value.Parts.Count; i++)
        {
            Proto.Sha512Binding.Types.Part part = value.Parts[i];
            if (!part.HasFixedLength && i < value.Parts.Count - 1)
            {
                path.At(i).Field("fixed_length").Fail(ViolationReasons.Required, "is required: only the last part may have a variable length");
                isGood = false;
            }
            else if (part.HasFixedLength && part.FixedLength != part.Value.Length)
            {
                path.At(i).Field("value").Fail(ViolationReasons.WrongLength, "must be as long as fixed_length says");
                isGood = false;
            }
        }

        if (value.Parts.Sum(p => (long)p.Value.Length) > MostPartsLength)
        {
            path.Fail(ViolationReasons.WrongLength, $"must be at most {MostPartsLength} bytes long together");
            isGood = false;
        }

        return isGood;
    }

    private static (ReportDataBinding? Binding, string Rule) Make(Proto.ReportDataBinding value)
    {
        ReportDataBinding? binding;
        string rule;
        _ = value.SchemeCase switch
        {
            Scheme.ReportData => ReportDataBinding.TryExact(value.ReportData.Span, out binding, out rule),
            Scheme.Nonce => ReportDataBinding.TryNonce(value.Nonce.Span, out binding, out rule),
            Scheme.SvsmManifest => ReportDataBinding.TrySvsmManifest(value.SvsmManifest.Nonce.Span, value.SvsmManifest.Manifest.Span, out binding, out rule),
            Scheme.SvsmNegotiated => ReportDataBinding.TrySvsmNegotiated(
                value.SvsmNegotiated.Challenge.Span, value.SvsmNegotiated.X.Span, value.SvsmNegotiated.Y.Span, out binding, out rule),
            Scheme.Challenge => Make(value.Challenge, out binding, out rule),
            _ => ReportDataBinding.TrySha512(Parts(value.Sha512), out binding, out rule),
        };
        return (binding, rule);
    }

    private static bool Make(Proto.ChallengeBinding value, out ReportDataBinding? binding, out string rule)
    {
        ReadOnlySpan<byte> challenge = value.Challenge.Span;
        return value.HashedWithCase switch
        {
            HashedWith.SvsmManifest => ReportDataBinding.TryChallengeWithManifest(challenge, value.SvsmManifest.Span, out binding, out rule),
            HashedWith.SvsmNegotiated => ReportDataBinding.TryChallengeWithKey(
                challenge, value.SvsmNegotiated.X.Span, value.SvsmNegotiated.Y.Span, out binding, out rule),
            HashedWith.Sha512 => ReportDataBinding.TryChallengeWithParts(challenge, Parts(value.Sha512), out binding, out rule),
            _ => ReportDataBinding.TryChallenge(challenge, out binding, out rule),
        };
    }

    private static (ReadOnlyMemory<byte> Value, uint? FixedLength)[] Parts(Proto.Sha512Binding value) =>
        [.. value.Parts.Select(p => (p.Value.Memory, p.HasFixedLength ? p.FixedLength : (uint?)null))];
}
