using System.Security.Cryptography;
using Google.Protobuf;
using Verifier.Contracts.V1;

namespace Verifier.Sdk;

/// <summary>How a guest puts a challenge into REPORT_DATA.</summary>
public sealed class ChallengeUse
{
    private readonly ReadOnlyMemory<byte>[] _behind;
    private readonly Action<ChallengeBinding> _state;

    private ChallengeUse(string scheme, ReadOnlyMemory<byte>[] behind, Action<ChallengeBinding> state) => (Scheme, _behind, _state) = (scheme, behind, state);

    /// <summary>REPORT_DATA is the challenge.</summary>
    public static ChallengeUse Direct { get; } = new("challenge", [], _ => { });

    internal string Scheme { get; }

    /// <summary>SHA-512 of the challenge, as the nonce, and the services manifest of the SVSM.</summary>
    /// <param name="manifest">The manifest, 1 byte to 16 KiB.</param>
    /// <returns>The use.</returns>
    public static ChallengeUse WithManifest(ReadOnlyMemory<byte> manifest) =>
        new("challenge_svsm_manifest", [manifest], b => b.SvsmManifest = ByteString.CopyFrom(manifest.Span));

    /// <summary>SHA-512 of the challenge and the guest's P-521 key, as COCONUT-SVSM's early attestation does.</summary>
    /// <param name="x">X coordinate, 66 bytes, big endian.</param>
    /// <param name="y">Y coordinate, 66 bytes, big endian.</param>
    /// <returns>The use.</returns>
    public static ChallengeUse WithKey(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => new(
        "challenge_svsm_negotiated",
        [x, y],
        b => b.SvsmNegotiated = new() { X = ByteString.CopyFrom(x.Span), Y = ByteString.CopyFrom(y.Span) });

    /// <summary>SHA-512 of the challenge and bytes behind it whose length may vary, for example the public key that the guest will use.</summary>
    /// <param name="bytes">The bytes, at most 16320.</param>
    /// <returns>The use.</returns>
    public static ChallengeUse WithBytes(ReadOnlyMemory<byte> bytes) => new(
        "challenge_sha512",
        [bytes],
        b => b.Sha512 = new() { Parts = { new Sha512Binding.Types.Part { Value = ByteString.CopyFrom(bytes.Span) } } });

    /// <summary>What REPORT_DATA has to be.</summary>
    /// <param name="challenge">The challenge.</param>
    /// <returns>64 bytes.</returns>
    public byte[] ReportData(ReadOnlyMemory<byte> challenge)
    {
        if (_behind.Length == 0)
        {
            return challenge.ToArray();
        }

        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        foreach (ReadOnlyMemory<byte> part in Parts(challenge))
        {
            hash.AppendData(part.Span);
        }

        return hash.GetHashAndReset();
    }

    internal ChallengeBinding ToProto(ReadOnlyMemory<byte> challenge)
    {
        ChallengeBinding binding = new() { Challenge = ByteString.CopyFrom(challenge.Span) };
        _state(binding);
        return binding;
    }

    /// <summary>What the answer has to name as hashed.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Parts(ReadOnlyMemory<byte> challenge) => _behind.Length == 0 ? [] : [challenge, .. _behind];
}
