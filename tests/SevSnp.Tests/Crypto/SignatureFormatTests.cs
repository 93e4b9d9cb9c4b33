using Verifier.TestKit;

namespace SevSnp.Tests.Crypto;

/// <summary>T11: signatures of reports are fixed-length numbers; the library names no reader of ECDSA signatures in DER.</summary>
public class SignatureFormatTests
{
    // Every way to hand an ECDSA signature in DER to the two engines.
    private static readonly string[] DerReaders =
        ["Rfc3279DerSequence", "StandardDsaEncoding", "IDsaEncoding", "DsaDigestSigner", "DsaEncoding", "SignerUtilities", "Asn1VerifierFactory", "withECDSA"];

    [Fact]
    public void T11_TheLibrary_NamesNoDerSignatureReader()
    {
        string[] files = Directory.GetFiles(RepositoryRoot.Combine("src", "SevSnp"), "*.cs", SearchOption.AllDirectories);
        Assert.True(files.Length > 50);
        Assert.DoesNotContain(files, f => DerReaders.Any(File.ReadAllText(f).Contains));
    }

    [Fact]
    public void T11_EcdsaVerification_HasOneCallPerEngineAndOnlyTheFixedLengthForm()
    {
        string crypto = RepositoryRoot.Combine("src", "SevSnp", "Crypto");
        string all = string.Concat(Directory.GetFiles(RepositoryRoot.Combine("src", "SevSnp"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.StartsWith(crypto, StringComparison.Ordinal)).Select(File.ReadAllText));
        Assert.DoesNotContain("ECDsa.", all, StringComparison.Ordinal);
        Assert.DoesNotContain("ECDsaSigner", all, StringComparison.Ordinal);

        string platform = File.ReadAllText(Path.Combine(crypto, "PlatformEcdsaP384Verifier.cs"));
        Assert.Single(platform.Split("VerifyHash(")[1..]);
        Assert.Contains("DSASignatureFormat.IeeeP1363FixedFieldConcatenation", platform, StringComparison.Ordinal);
    }
}
