using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Verifier.Service.Hosting;

namespace Verifier.Service.Identity.Admin;

/// <summary>How a presented token compares with the administrator's.</summary>
internal enum TokenCheck
{
    /// <summary>Another one, or there is none.</summary>
    Wrong = 0,

    /// <summary>It cannot be told: the file cannot be read now.</summary>
    Unreadable = 1,

    /// <summary>It is the administrator's.</summary>
    Held = 2,
}

/// <summary>
/// The administrator's token, for the beginning and for emergencies. The file is read again for each check, which are rare: an
/// exchanged token holds from the next call on, a removed one stops all. Compared by hash and in fixed time (T106).
/// </summary>
/// <param name="file">Where it stands; null when there is none.</param>
internal sealed class AdminToken(string? file)
{
    private const int Shortest = 32;
    private const int Longest = 512;

    /// <summary>Where it stands, as a full path; null when there is none.</summary>
    public string? File { get; } = file is null ? null : Path.GetFullPath(file);

    public TokenCheck Check(string presented, out string fault)
    {
        fault = "";
        if (File is null)
        {
            return TokenCheck.Wrong;
        }

        if (!TryReadHash(File, out byte[]? expected, out fault))
        {
            return TokenCheck.Unreadable;
        }

        return CryptographicOperations.FixedTimeEquals(expected, SHA256.HashData(Encoding.UTF8.GetBytes(presented))) ? TokenCheck.Held : TokenCheck.Wrong;
    }

    /// <summary>Makes a token that nobody has had before, readable by its owner only. One that is there stays.</summary>
    /// <returns>What hindered it, or null.</returns>
    public static string? Create(string file)
    {
        if (System.IO.File.Exists(file))
        {
            return TryReadHash(file, out _, out string fault) ? null : fault;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            PrivateFile.Write(file, Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true) + "\n"));
            return null;
        }
        catch (IOException) when (System.IO.File.Exists(file))
        {
            // Another process was first; its token is as good.
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be written ({e.GetType().Name})";
        }
    }

    /// <summary>Reads a token file; one line end at the end is not part of the token.</summary>
    public static bool TryReadHash(string file, [NotNullWhen(true)] out byte[]? hash, out string fault)
    {
        hash = null;
        fault = $"must hold {Shortest} to {Longest} printable ASCII characters without spaces";
        Span<byte> buffer = stackalloc byte[Longest + 3];
        try
        {
            using FileStream stream = System.IO.File.OpenRead(file);
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
