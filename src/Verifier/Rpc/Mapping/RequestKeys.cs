using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Verifier.Service.Registry;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Request ids (AIP-155): a repeat with the same content gives the first answer.</summary>
internal static class RequestKeys
{
    public static void Check(FieldPath path, string requestId)
    {
        if (requestId.Length > 0 && !Guid.TryParseExact(requestId, "D", out _))
        {
            path.Fail(ViolationReasons.WrongFormat, "must be a UUID such as 8d7c6d0e-1f0a-4a57-9c0e-5b8f1d2a3b4c");
        }
    }

    /// <summary>Null when the caller gave no id. The fingerprint covers the method and all fields; equal requests encode equally.</summary>
    public static RequestKey? Make(string requestId, IMessage request)
    {
        if (requestId.Length == 0)
        {
            return null;
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(request.Descriptor.FullName));
        hash.AppendData([0]);
        hash.AppendData(request.ToByteArray());
        return new RequestKey(requestId.ToLowerInvariant(), Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
