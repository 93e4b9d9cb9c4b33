using SevSnp.Primitives;

namespace SevSnp.Policies.Documents;

/// <summary>The rule on the ID block's signer.</summary>
internal static class SignerReader
{
    private const int MostKeys = 64;
    private const int IdSize = 16;

    public static SignerRule? Read(DocumentNode node)
    {
        IReadOnlyDictionary<string, DocumentNode> members =
            node.Members("no_id_block", "id_key_digests", "author_key_digests", "min_guest_svn", "family_id", "image_id");
        if (!members.TryGetValue("no_id_block", out DocumentNode none))
        {
            return Pinned(node, members);
        }

        if (none.Flag() is not true)
        {
            return none.Fail<SignerRule>("must be true, or left out");
        }

        return members.Count == 1 ? new SignerRule.NoIdBlock() : node.Fail<SignerRule>("no_id_block stands alone");
    }

    private static SignerRule.Pinned? Pinned(DocumentNode node, IReadOnlyDictionary<string, DocumentNode> members)
    {
        HashSet<Digest384> ids = At("id_key_digests")?.SetOf(1, MostKeys, n => n.Digest()) ?? [];
        HashSet<Digest384> authors = At("author_key_digests")?.SetOf(1, MostKeys, n => n.Digest()) ?? [];
        if (!members.ContainsKey("id_key_digests") && !members.ContainsKey("author_key_digests"))
        {
            return node.Fail<SignerRule.Pinned>("must name id_key_digests or author_key_digests, or say no_id_block: true");
        }

        return new SignerRule.Pinned(ids, authors)
        {
            MinGuestSvn = At("min_guest_svn")?.Number(0, uint.MaxValue) ?? 0,
            FamilyId = At("family_id")?.Hex(IdSize),
            ImageId = At("image_id")?.Hex(IdSize),
        };

        DocumentNode? At(string name) => members.TryGetValue(name, out DocumentNode part) ? part : null;
    }
}
