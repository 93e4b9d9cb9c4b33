namespace SevSnp.Crypto;

/// <summary>Which library checks signatures of reports. Both accept the same signatures; signatures of certificates are always checked by the platform.</summary>
public enum SignatureEngine
{
    /// <summary>BouncyCastle with multiples of the key kept: about four times as fast as OpenSSL 3.0. The default.</summary>
    BouncyCastle = 0,

    /// <summary>The cryptography of the platform: OpenSSL on Linux.</summary>
    OpenSsl = 1,
}
