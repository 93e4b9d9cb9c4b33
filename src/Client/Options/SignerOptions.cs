using System.CommandLine;
using Google.Protobuf;
using SevSnp.Primitives;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Options;

/// <summary>Who must have signed the ID block of a registered guest, and the claims that only the signer gives meaning.</summary>
internal sealed class SignerOptions
{
    private readonly Option<bool> _noIdBlock = Opt.Flag("--no-id-block", "The guest must have been launched without an ID block.");
    private readonly Option<IReadOnlyList<Digest384>> _idKeys = Opt.Digests("--id-key", "Accepted ID key digest, 48 bytes (repeatable).");
    private readonly Option<IReadOnlyList<Digest384>> _authorKeys = Opt.Digests("--author-key", "Accepted author key digest, 48 bytes (repeatable).");
    private readonly Option<uint?> _minGuestSvn = Opt.Number("--min-guest-svn", 0, uint.MaxValue, "Least guest SVN; needs --id-key or --author-key, which give it meaning.");
    private readonly Option<HexBytes?> _familyId = Opt.Hex("--family-id", 16, "Expected family id; needs --id-key or --author-key");
    private readonly Option<HexBytes?> _imageId = Opt.Hex("--image-id", 16, "Expected image id; needs --id-key or --author-key");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_noIdBlock, _idKeys, _authorKeys, _minGuestSvn, _familyId, _imageId])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool Has(Option option) => Opt.IsGiven(result, option);
            bool pinned = Has(_idKeys) || Has(_authorKeys);
            if (Has(_noIdBlock) && pinned)
            {
                result.AddError("--no-id-block contradicts --id-key and --author-key");
            }

            if (!pinned && new Option[] { _minGuestSvn, _familyId, _imageId }.FirstOrDefault(Has) is { } dependent)
            {
                result.AddError($"{dependent.Name} needs --id-key or --author-key: without a known signer anyone could have written it");
            }
        });
    }

    /// <summary>The rule, or null when none was stated.</summary>
    public V1.SignerRule? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_noIdBlock))
        {
            return new V1.SignerRule { NoIdBlock = new() };
        }

        IReadOnlyList<Digest384> idKeys = parsed.GetValue(_idKeys) ?? [];
        IReadOnlyList<Digest384> authorKeys = parsed.GetValue(_authorKeys) ?? [];
        if (idKeys.Count + authorKeys.Count == 0)
        {
            return null;
        }

        V1.SignerRule.Types.PinnedSigner pinned = new() { MinGuestSvn = parsed.GetValue(_minGuestSvn) ?? 0 };
        pinned.IdKeyDigests.AddRange(idKeys.Select(d => ByteString.CopyFrom(d.ToArray())));
        pinned.AuthorKeyDigests.AddRange(authorKeys.Select(d => ByteString.CopyFrom(d.ToArray())));
        if (parsed.GetValue(_familyId) is { } family)
        {
            pinned.FamilyId = ByteString.CopyFrom(family.Span);
        }

        if (parsed.GetValue(_imageId) is { } image)
        {
            pinned.ImageId = ByteString.CopyFrom(image.Span);
        }

        return new V1.SignerRule { Pinned = pinned };
    }
}
