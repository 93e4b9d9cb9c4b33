using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>
/// Page tokens (AIP-158): the id that the next page begins behind, bound to the query they were given for. Not secret; the hash
/// tells a token of another query, a cut one and a made-up one from ours.
/// </summary>
internal static class PageTokens
{
    private const int HashLength = 16;

    public static string Write(string tenant, ReferenceFilter filter, string? afterId)
    {
        if (afterId is null)
        {
            return "";
        }

        byte[] id = Encoding.ASCII.GetBytes(afterId);
        return Base64Url.EncodeToString([.. Hash(tenant, filter, id), .. id]);
    }

    /// <summary>Null for the first page.</summary>
    public static string? Read(FieldPath path, string token, string tenant, ReferenceFilter filter)
    {
        if (token.Length == 0)
        {
            return null;
        }

        if (token.Length <= 256 && TryDecode(token, out byte[] bytes) && bytes.Length > HashLength)
        {
            ReadOnlySpan<byte> id = bytes.AsSpan(HashLength);
            if (Hash(tenant, filter, id).SequenceEqual(bytes.AsSpan(0, HashLength)))
            {
                return Encoding.ASCII.GetString(id);
            }
        }

        path.Fail(ViolationReasons.WrongFormat, "is not a token of this query");
        return null;
    }

    private static bool TryDecode(string token, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(token))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(token);
        return true;
    }

    private static ReadOnlySpan<byte> Hash(string tenant, ReferenceFilter filter, ReadOnlySpan<byte> id)
    {
        byte[] query = Encoding.UTF8.GetBytes($"page\0{tenant}\0{filter.Image}\0{filter.State}\0");
        return SHA256.HashData([.. query, .. id]).AsSpan(0, HashLength);
    }
}
