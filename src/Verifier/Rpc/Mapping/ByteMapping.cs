using Google.Protobuf;
using SevSnp.Primitives;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Byte fields on their way out.</summary>
internal static class ByteMapping
{
    public static ByteString ToProto(this HexBytes bytes) => ByteString.CopyFrom(bytes.Span);

    public static ByteString ToProto(this Digest384 digest) => ByteString.CopyFrom(digest.ToArray());
}
