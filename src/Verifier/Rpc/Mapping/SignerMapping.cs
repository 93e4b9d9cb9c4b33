using Google.Protobuf;
using Google.Protobuf.Collections;
using SevSnp.Policies;
using SevSnp.Primitives;
using Verifier.Service.Rpc.Errors;
using Proto = Verifier.Contracts.V1;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Rules on the signer of the ID block, both ways.</summary>
internal static class SignerMapping
{
    private const int MostKeys = 64;
    private const int IdLength = 16;

    public static SignerRule? Read(FieldPath path, Proto.SignerRule? value)
    {
        switch (value?.RuleCase)
        {
            case null:
                return null;
            case Proto.SignerRule.RuleOneofCase.NoIdBlock:
                return new SignerRule.NoIdBlock();
            case Proto.SignerRule.RuleOneofCase.Pinned:
                return Pinned(path.Field("pinned"), value.Pinned);
            default:
                path.Field("rule").Required();
                return null;
        }
    }

    public static Proto.SignerRule? ToProto(SignerRule? rule) => rule switch
    {
        SignerRule.NoIdBlock => new Proto.SignerRule { NoIdBlock = new() },
        SignerRule.Pinned pinned => new Proto.SignerRule { Pinned = ToProto(pinned) },
        _ => null,
    };

    private static SignerRule.Pinned Pinned(FieldPath path, Proto.SignerRule.Types.PinnedSigner value)
    {
        if (value.IdKeyDigests.Count + value.AuthorKeyDigests.Count == 0)
        {
            path.Fail(ViolationReasons.Required, "must name at least one key");
        }

        return new SignerRule.Pinned(Keys(path.Field("id_key_digests"), value.IdKeyDigests), Keys(path.Field("author_key_digests"), value.AuthorKeyDigests))
        {
            MinGuestSvn = value.MinGuestSvn,
            FamilyId = value.HasFamilyId ? FieldRules.Exactly(path.Field("family_id"), value.FamilyId, IdLength) : null,
            ImageId = value.HasImageId ? FieldRules.Exactly(path.Field("image_id"), value.ImageId, IdLength) : null,
        };
    }

    private static HashSet<Digest384> Keys(FieldPath path, RepeatedField<ByteString> values)
    {
        HashSet<Digest384> keys = [];
        for (int i = 0; FieldRules.AtMost(path, values.Count, MostKeys) && i < values.Count; i++)
        {
            if (FieldRules.Digest(path.At(i), values[i]) is { } key)
            {
                keys.Add(key);
            }
        }

        return keys;
    }

    private static Proto.SignerRule.Types.PinnedSigner ToProto(SignerRule.Pinned pinned)
    {
        Proto.SignerRule.Types.PinnedSigner result = new() { MinGuestSvn = pinned.MinGuestSvn };
        result.IdKeyDigests.AddRange(Sorted(pinned.IdKeyDigests));
        result.AuthorKeyDigests.AddRange(Sorted(pinned.AuthorKeyDigests));
        if (pinned.FamilyId is { } family)
        {
            result.FamilyId = family.ToProto();
        }

        if (pinned.ImageId is { } image)
        {
            result.ImageId = image.ToProto();
        }

        return result;
    }

    // Sets have no order of their own; answers should not change from call to call.
    private static IEnumerable<ByteString> Sorted(IReadOnlySet<Digest384> keys) =>
        keys.OrderBy(k => k.ToString(), StringComparer.Ordinal).Select(k => k.ToProto());
}
