using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Verifier.Service.Identity;

/// <summary>Client certificates: which are taken, and whose they are.</summary>
internal static class ClientCertificates
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string SubjectAlternativeName = "2.5.29.17";
    private const int MostNames = 32;

    private static readonly Asn1Tag Uri = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);

    /// <summary>Whether one of the authorities vouches for it, for showing who a client is.</summary>
    public static bool IsVouchedFor(X509Certificate2 certificate, X509Chain? presented, X509Certificate2Collection authorities)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        foreach (X509ChainElement element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }

    /// <summary>The names that rules can match: subject alternative names of kinds URI and DNS, and the hash of the key.</summary>
    public static CertificateIdentity Identify(X509Certificate2 certificate)
    {
        List<string> uris = [];
        List<string> dnsNames = [];
        if (certificate.Extensions[SubjectAlternativeName] is { } extension)
        {
            Read(extension.RawData, uris, dnsNames);
        }

        return new CertificateIdentity(uris, dnsNames, Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())));
    }

    // Names that cannot be read are no names: nothing is matched by half of a list.
    private static void Read(byte[] extension, List<string> uris, List<string> dnsNames)
    {
        try
        {
            AsnReader names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            for (int i = 0; names.HasData && i < MostNames; i++)
            {
                Asn1Tag tag = names.PeekTag();
                if (tag == Uri || tag == Dns)
                {
                    (tag == Uri ? uris : dnsNames).Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }
        }
        catch (AsnContentException)
        {
            uris.Clear();
            dnsNames.Clear();
        }
    }
}
