using System.Security.Cryptography;
using SevSnp.Launch;

namespace Verifier.TestKit;

/// <summary>A simulated VCEK or VLEK: its certificate, and the private key with which the simulated firmware signs reports.</summary>
public sealed class SimulatedKey
{
    private readonly ECParameters _key;

    internal SimulatedKey(ECParameters key, KeyKind kind, SimulatedChip chip, TcbVersion tcb, CertificateRecipe recipe)
    {
        _key = key;
        Kind = kind;
        Chip = chip;
        Tcb = tcb;
        Recipe = recipe;
        Certificate = recipe.Mint();
    }

    /// <summary>VCEK or VLEK.</summary>
    public KeyKind Kind { get; }

    /// <summary>The chip that uses it; a VLEK's certificate does not name it.</summary>
    public SimulatedChip Chip { get; }

    /// <summary>The TCB it was derived for.</summary>
    public TcbVersion Tcb { get; }

    /// <summary>What the certificate was made of.</summary>
    public CertificateRecipe Recipe { get; }

    /// <summary>The certificate, DER.</summary>
    public byte[] Certificate { get; }

    /// <summary>Signs as the firmware does: ECDSA P-384 with SHA-384.</summary>
    /// <param name="message">What is signed.</param>
    /// <returns>R then S, 48 bytes each, big endian.</returns>
    public byte[] Sign(byte[] message)
    {
        using ECDsa ecdsa = ECDsa.Create(_key);
        return ecdsa.SignData(message, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>The same key with a changed certificate.</summary>
    /// <param name="change">The change.</param>
    /// <returns>A new key object.</returns>
    public SimulatedKey With(Func<CertificateRecipe, CertificateRecipe> change) => new(_key, Kind, Chip, Tcb, change(Recipe));

    /// <summary>Makes this key the issuer of other certificates, which no leaf may be (signatures are ECDSA then).</summary>
    /// <param name="message">What is signed.</param>
    /// <returns>The signature, DER.</returns>
    public byte[] SignAsIssuer(byte[] message)
    {
        using ECDsa ecdsa = ECDsa.Create(_key);
        return ecdsa.SignData(message, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence);
    }

    internal static ECParameters NewKey()
    {
        using ECDsa ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        return ecdsa.ExportParameters(includePrivateParameters: true);
    }
}
