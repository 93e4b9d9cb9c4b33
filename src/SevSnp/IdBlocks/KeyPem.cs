using SevSnp.Primitives;

namespace SevSnp.IdBlocks;

/// <summary>What a private key file holds.</summary>
/// <param name="Scalar">The private key as it stands there.</param>
/// <param name="Point">The public key as it stands there, or null when it is left out.</param>
internal readonly record struct KeyParts(byte[] Scalar, byte[]? Point);

/// <summary>Finds the one key of a PEM text.</summary>
internal static class KeyPem
{
    private const string Parameters = "EC PARAMETERS";
    private const string Sec1 = "EC PRIVATE KEY";
    private const string Pkcs8 = "PRIVATE KEY";
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";
    private const string Public = "PUBLIC KEY";

    public static bool TryReadPrivate(ReadOnlySpan<char> pem, out KeyParts parts, out IdBlockFault fault)
    {
        parts = default;
        if (!TryFindBlock(pem, out string label, out byte[] der, out fault))
        {
            return false;
        }

        (fault, parts) = label switch
        {
            Sec1 => KeyDer.ReadSec1(der),
            Pkcs8 => KeyDer.ReadPkcs8(der),
            _ => (new IdBlockFault(IdBlockFaultId.KeyKindIsWrong, "PEM", -1, "must be a private key, is a public one"), default),
        };
        return fault.Id == IdBlockFaultId.None;
    }

    public static bool TryReadPublic(ReadOnlySpan<char> pem, out byte[] point, out IdBlockFault fault)
    {
        point = [];
        if (!TryFindBlock(pem, out string label, out byte[] der, out fault))
        {
            return false;
        }

        (fault, point) = label == Public
            ? KeyDer.ReadPublic(der)
            : (new IdBlockFault(IdBlockFaultId.KeyKindIsWrong, "PEM", -1, "must be a public key, is a private one"), []);
        return fault.Id == IdBlockFaultId.None;
    }

    private static bool TryFindBlock(ReadOnlySpan<char> pem, out string label, out byte[] der, out IdBlockFault fault)
    {
        fault = default;
        PemReader reader = new(pem, Sec1, Pkcs8, Encrypted, Public, Parameters);
        bool found = reader.TryNext(out der);

        // What "openssl ecparam -genkey" writes in front of the key.
        if (found && reader.Label == Parameters)
        {
            fault = KeyDer.ReadParameters(der);
            found = reader.TryNext(out der);
            if (found && reader.Label != Sec1)
            {
                fault = Malformed($"the block behind {Parameters} must be {Sec1}");
            }
        }

        label = reader.Label;
        if (fault.Id != IdBlockFaultId.None)
        {
            return false;
        }

        if (found && label == Encrypted)
        {
            fault = IsEncrypted;
        }
        else if (reader.Fault is { } line)
        {
            fault = pem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal) ? IsEncrypted : Malformed($"line {line.Line} {line.Rule}");
        }
        else if (!found || reader.TryNext(out _) || reader.Fault is not null)
        {
            fault = Malformed("must hold exactly one key and nothing else");
        }

        return fault.Id == IdBlockFaultId.None;
    }

    private static IdBlockFault IsEncrypted => new(IdBlockFaultId.KeyIsEncrypted, "PEM", -1, "must not be encrypted");

    private static IdBlockFault Malformed(string rule) => new(IdBlockFaultId.PemIsMalformed, "PEM", -1, rule);
}
