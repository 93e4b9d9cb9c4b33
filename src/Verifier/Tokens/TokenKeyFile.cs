using System.Security.Cryptography;

namespace Verifier.Service.Tokens;

/// <summary>A key file as it was found: a key, or why there is none.</summary>
internal sealed record TokenKeyFile(TokenKey? Key, bool IsAbsent, string? Fault)
{
    private const int MaxSize = 16 * 1024;

    public static TokenKeyFile Read(string path)
    {
        byte[] buffer = new byte[MaxSize + 1];
        try
        {
            using FileStream stream = File.OpenRead(path);
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length <= MaxSize && TokenKey.TryParse(buffer.AsSpan(0, length), out TokenKey? key)
                ? new TokenKeyFile(key, false, null)
                : new TokenKeyFile(null, false, "must hold one P-256 private key in PEM (PKCS#8 or SEC1), not encrypted");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new TokenKeyFile(null, true, "is not there");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new TokenKeyFile(null, false, $"cannot be read ({e.GetType().Name})");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}
