using SevSnp.Crypto;

namespace Verifier.Service.Pipeline;

/// <summary>Who checks signatures. Section <c>Crypto</c>.</summary>
internal sealed class CryptoOptions
{
    public const string Section = "Crypto";

    /// <summary>The library that checks the signatures of reports; verdicts are the same. Default: BouncyCastle.</summary>
    public SignatureEngine Engine { get; set; } = SignatureEngine.BouncyCastle;
}
