using System.Security.Cryptography;
using System.Text;
using SevSnp.IdBlocks;

namespace Verifier.Client.Input;

/// <summary>Files with an ID key or author key. A wrong one is a fault of the command line: it is the user's own, and no evidence.</summary>
internal static class SigningKeyFile
{
    private const int MaxSize = 16 * 1024;

    public static P384PrivateKey Read(FileInfo file)
    {
        InputFile input = InputFile.Read(file, MaxSize);
        char[] pem = Encoding.Latin1.GetChars(input.Bytes);
        try
        {
            return P384PrivateKey.TryReadPem(pem, out P384PrivateKey? key, out IdBlockFault fault)
                ? key
                : throw CommandFailure.Usage($"{input.Name}: {fault}", Hint(fault.Id));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input.Bytes);
            Array.Clear(pem);
        }
    }

    private static string? Hint(IdBlockFaultId id) => id switch
    {
        IdBlockFaultId.KeyIsEncrypted => "decrypt it with: openssl pkey -in FILE -out PLAIN",
        IdBlockFaultId.CurveIsUnknown or IdBlockFaultId.PemIsMalformed =>
            "make a key with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out FILE",
        _ => null,
    };
}
