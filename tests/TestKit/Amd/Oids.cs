namespace Verifier.TestKit;

/// <summary>Object identifiers of AMD's certificates (AMD 57230; RFC 5280, 4055, 5480).</summary>
public static class Oids
{
    public const string StructVersion = "1.3.6.1.4.1.3704.1.1";
    public const string ProductName = "1.3.6.1.4.1.3704.1.2";
    public const string BlSpl = "1.3.6.1.4.1.3704.1.3.1";
    public const string TeeSpl = "1.3.6.1.4.1.3704.1.3.2";
    public const string SnpSpl = "1.3.6.1.4.1.3704.1.3.3";
    public const string Spl4 = "1.3.6.1.4.1.3704.1.3.4";
    public const string Spl5 = "1.3.6.1.4.1.3704.1.3.5";
    public const string Spl6 = "1.3.6.1.4.1.3704.1.3.6";
    public const string Spl7 = "1.3.6.1.4.1.3704.1.3.7";
    public const string UcodeSpl = "1.3.6.1.4.1.3704.1.3.8";
    public const string FmcSpl = "1.3.6.1.4.1.3704.1.3.9";
    public const string HwId = "1.3.6.1.4.1.3704.1.4";
    public const string CspId = "1.3.6.1.4.1.3704.1.5";

    public const string BasicConstraints = "2.5.29.19";
    public const string KeyUsage = "2.5.29.15";
    public const string SubjectKeyIdentifier = "2.5.29.14";
    public const string AuthorityKeyIdentifier = "2.5.29.35";
    public const string CrlDistributionPoints = "2.5.29.31";
    public const string CrlNumber = "2.5.29.20";
    public const string DeltaCrlIndicator = "2.5.29.27";
    public const string IssuingDistributionPoint = "2.5.29.28";
    public const string CertificateIssuer = "2.5.29.29";
    public const string ExtendedKeyUsage = "2.5.29.37";
    public const string NameConstraints = "2.5.29.30";

    public const string RsaPss = "1.2.840.113549.1.1.10";
    public const string RsaSha384 = "1.2.840.113549.1.1.12";
    public const string Mgf1 = "1.2.840.113549.1.1.8";
    public const string EcdsaSha384 = "1.2.840.10045.4.3.3";
    public const string Sha1 = "1.3.14.3.2.26";
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";
    public const string Sha384 = "2.16.840.1.101.3.4.2.2";
    public const string Sha512 = "2.16.840.1.101.3.4.2.3";

    public const string EcPublicKey = "1.2.840.10045.2.1";
    public const string RsaEncryption = "1.2.840.113549.1.1.1";
    public const string P384 = "1.3.132.0.34";
    public const string P256 = "1.2.840.10045.3.1.7";
}
