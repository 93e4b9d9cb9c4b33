using System.Formats.Asn1;
using System.Text;
using SevSnp.Certificates;
using Verifier.TestKit;

namespace Verifier.Fuzz.Tests.Certificates;

/// <summary>Several certificates as one input: PEM, or elements of DER one behind the other.</summary>
internal static class ChainInput
{
    public static CertificateBundle ToBundle(byte[] input, VerifiedCertificates known) => input is [(byte)'-', ..]
        ? CertificateBundle.FromPem(Encoding.Latin1.GetString(input), known)
        : CertificateBundle.FromDer(Split(input), known);

    /// <summary>The elements; what is no element is one part with the rest.</summary>
    public static List<ReadOnlyMemory<byte>> Split(byte[] input)
    {
        List<ReadOnlyMemory<byte>> parts = [];
        ReadOnlyMemory<byte> rest = input;
        while (rest.Length > 0)
        {
            int length = AsnDecoder.TryReadEncodedValue(rest.Span, AsnEncodingRules.DER, out _, out _, out _, out int consumed) ? consumed : rest.Length;
            parts.Add(rest[..length]);
            rest = rest[length..];
        }

        return parts;
    }

    public static byte[] Join(IEnumerable<byte[]> parts) => [.. parts.SelectMany(p => p)];

    public static byte[] Pem(Scenario scenario) => Encoding.ASCII.GetBytes(scenario.CertificatesPem);
}
