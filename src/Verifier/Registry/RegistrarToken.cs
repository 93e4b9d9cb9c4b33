using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Verifier.Service.Registry;

/// <summary>How a presented token compares with the registrar's.</summary>
internal enum TokenCheck
{
    /// <summary>None was presented.</summary>
    Missing = 0,

    /// <summary>Another one.</summary>
    Wrong = 1,

    /// <summary>It cannot be told: the file cannot be read now.</summary>
    Unreadable = 2,

    /// <summary>There is no registrar.</summary>
    NoRegistrar = 3,

    /// <summary>It is the registrar's.</summary>
    Held = 4,
}

/// <summary>
/// The registrar's token. The file is read again for each change, which are rare: an exchanged token holds from the next change on,
/// a removed one stops all. Compared by hash and in fixed time (T106).
/// </summary>
internal sealed class RegistrarToken(IOptions<RegistryOptions> options)
{
    /// <summary>Whoever holds the token, as written to the log of changes.</summary>
    public const string Actor = "registrar";

    private const int Shortest = 32;
    private const int Longest = 512;

    private readonly string? _file = options.Value.RegistrarTokenFile;

    public TokenCheck Check(string? presented, out string fault)
    {
        fault = "";
        if (_file is null)
        {
            return TokenCheck.NoRegistrar;
        }

        if (string.IsNullOrEmpty(presented))
        {
            return TokenCheck.Missing;
        }

        if (!TryReadHash(_file, out byte[]? expected, out fault))
        {
            return TokenCheck.Unreadable;
        }

        return CryptographicOperations.FixedTimeEquals(expected, SHA256.HashData(Encoding.UTF8.GetBytes(presented))) ? TokenCheck.Held : TokenCheck.Wrong;
    }

    /// <summary>Reads a token file; one line end at the end is not part of the token.</summary>
    public static bool TryReadHash(string file, [NotNullWhen(true)] out byte[]? hash, out string fault)
    {
        hash = null;
        fault = $"must hold {Shortest} to {Longest} printable ASCII characters without spaces";
        Span<byte> buffer = stackalloc byte[Longest + 3];
        try
        {
            using FileStream stream = File.OpenRead(file);
            Span<byte> token = buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
            token = token.EndsWith("\r\n"u8) ? token[..^2] : token.EndsWith("\n"u8) ? token[..^1] : token;
            if (token.Length is < Shortest or > Longest || token.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E))
            {
                return false;
            }

            hash = SHA256.HashData(token);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            fault = $"cannot be read ({e.GetType().Name})";
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }
}
