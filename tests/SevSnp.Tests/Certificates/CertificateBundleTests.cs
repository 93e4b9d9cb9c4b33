using System.Security.Cryptography;
using System.Text;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

public class CertificateBundleTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;
    private static readonly string Chain = Amd.ChainPem(KeyKind.Vcek);

    public static TheoryData<string> AcceptedTexts => new("as it is", "CRLF", "no last line end", "empty lines between", "a list behind", "long lines");

    public static TheoryData<string> RefusedTexts =>
    [
        "empty", "only line ends", "text in front", "text behind", "text between", "space before a label", "space behind a label", "tab in base64", "space in base64",
        "no end", "wrong end", "private key", "base64 cut", "padding inside", "no base64", "letter whose low byte is base64", "empty line in base64", "lines of 80", "lower case", "lone CR", "NUL behind", "BOM in front", "header",
    ];

    [Theory]
    [MemberData(nameof(AcceptedTexts))]
    public void GoodPem_IsRead(string form)
    {
        string text = form switch
        {
            "CRLF" => Chain.ReplaceLineEndings("\r\n"),
            "no last line end" => Chain[..^1],
            "empty lines between" => "\n" + Chain.Replace("-----BEGIN", "\n\r\n-----BEGIN", StringComparison.Ordinal) + "\n",
            "a list behind" => Chain + PemEncoding.WriteString("X509 CRL", Amd.RevocationList().Mint()),
            "long lines" => Lines(76),
            _ => Chain,
        };

        foreach (CertificateBundle bundle in new[] { CertificateBundle.FromPem(text), FromFile(Encoding.ASCII.GetBytes(text.TrimStart())) })
        {
            Assert.Empty(bundle.Faults);
            Assert.Equal([CertificateRole.Ask, CertificateRole.Ark], bundle.Certificates.Select(c => c.Role));
            Assert.Equal(form == "a list behind" ? 1 : 0, bundle.RevocationLists.Count);
            Assert.False(bundle.IsFromTable);
        }
    }

    [Theory]
    [MemberData(nameof(RefusedTexts))]
    public void T27_AnythingElseInPem_IsAFault(string defect)
    {
        int middle = Chain.IndexOf("-----BEGIN", 1, StringComparison.Ordinal);
        string text = defect switch
        {
            "empty" => "",
            "only line ends" => "\n\r\n",
            "text in front" => "subject=CN\n" + Chain,
            "text behind" => Chain + "x",
            "text between" => Chain.Insert(middle, "issuer=CN\n"),
            "space before a label" => " " + Chain,
            "space behind a label" => Chain.Replace("-----\n", "----- \n", StringComparison.Ordinal),
            "tab in base64" => Chain.Insert(60, "\t"),
            "space in base64" => Chain.Insert(60, " "),
            "no end" => Chain[..^27],
            "wrong end" => Chain.Replace("END CERTIFICATE", "END X509 CRL", StringComparison.Ordinal),
            "private key" => Chain.Replace("CERTIFICATE", "PRIVATE KEY", StringComparison.Ordinal),
            "base64 cut" => Chain.Remove(60, 1),
            "padding inside" => Chain.Remove(60, 4).Insert(60, "===="),
            "no base64" => Chain.Remove(60, 1).Insert(60, "!"),
            "letter whose low byte is base64" => Chain.Remove(60, 1).Insert(60, $"{(char)(0x100 + Chain[60])}"),
            "empty line in base64" => Chain.Insert(Chain.IndexOf('\n') + 1, "\n"),
            "lines of 80" => Lines(80),
            "lower case" => Chain.Replace("CERTIFICATE", "certificate", StringComparison.Ordinal),
            "lone CR" => Chain.Replace('\n', '\r'),
            "NUL behind" => Chain + "\0",
            "BOM in front" => "\uFEFF" + Chain,
            "header" => Chain.Insert(Chain.IndexOf('\n') + 1, "Proc-Type: 4,ENCRYPTED\n"),
            _ => throw new ArgumentOutOfRangeException(nameof(defect)),
        };

        Assert.NotEmpty(CertificateBundle.FromPem(text).Faults);
    }

    [Fact]
    public void TooMuchPem_IsRefusedUnread()
    {
        CertificateBundle bundle = CertificateBundle.FromPem(Chain + new string('\n', CertificateBundle.MaxSize));
        Assert.Empty(bundle.Certificates);
        Assert.Single(bundle.Faults);
        Assert.Single(FromFile(Encoding.ASCII.GetBytes(Chain + new string('\n', CertificateBundle.MaxSize))).Faults);
    }

    [Fact]
    public void File_IsToldByItsFirstBytes()
    {
        byte[] list = Amd.RevocationList().Mint();
        Assert.Equal(CertificateRole.Ark, Assert.Single(FromFile(Amd.Ark.Certificate).Certificates).Role);
        Assert.Equal(list, Assert.Single(FromFile(list).RevocationLists).Der.ToArray());
        Assert.True(FromFile(Scenario.Vcek().Table.Build()).IsFromTable);
        Assert.False(CertificateBundle.TryFromFile([], out _, out EvidenceFault fault));
        Assert.Equal(CheckId.CertificateTableIsWellFormed, fault.Check);
        Assert.False(CertificateBundle.TryFromFile("not a certificate"u8, out _, out _));
    }

    [Fact]
    public void BrokenFile_IsAFaultAndNoTable()
    {
        Assert.Single(FromFile([.. Amd.Ark.Certificate, 0]).Faults);
        Assert.Single(FromFile([0x30]).Faults);
        Assert.Single(FromFile([0x30, 0x02, 0x30, 0x00]).Faults);
        Assert.Equal(CheckId.CertificatesAreNotRevoked, Assert.Single(FromFile([0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x01]).Faults).Check);
        Assert.Single(FromFile("-"u8.ToArray()).Faults);
        Assert.Single(FromFile([.. "-----BEGIN CERTIFICATE-----\n"u8, 0xC3, 0xA9]).Faults);
    }

    [Fact]
    public void FaultyPart_IsNamedByItsPlace()
    {
        CertificateBundle bundle = CertificateBundle.FromDer([Amd.Ark.Certificate, Amd.Ask.Certificate.AsMemory(1), Amd.Asvk.Certificate]);
        Assert.Equal(2, bundle.Certificates.Count);
        Assert.StartsWith("part 2: ", Assert.Single(bundle.Faults).Field, StringComparison.Ordinal);
    }

    [Fact]
    public void T28_SameBytesTwice_AreOneCertificate()
    {
        CertificateBundle bundle = CertificateBundle.FromDer([Amd.Ark.Certificate, Amd.Ark.Certificate]).With(CertificateBundle.FromPem(Chain));
        Assert.Equal([CertificateRole.Ark, CertificateRole.Ask], bundle.Certificates.Select(c => c.Role));
    }

    [Fact]
    public void NumberOfParts_IsBounded()
    {
        ReadOnlyMemory<byte>[] leaves = [.. Enumerable.Range(0, 20).Select(_ => (ReadOnlyMemory<byte>)Amd.Vcek().Certificate)];
        Assert.Empty(CertificateBundle.FromDer(leaves[..8]).Faults);
        CertificateBundle bundle = CertificateBundle.FromDer(leaves);
        Assert.Equal(CertificateBundle.MaxCertificates, bundle.Certificates.Count);
        Assert.Single(bundle.Faults);

        int read = 0;
        CertificateBundle junk = CertificateBundle.FromDer(Enumerable.Repeat<ReadOnlyMemory<byte>>(new byte[1], 1_000_000).Select(b => { read++; return b; }));
        Assert.InRange(junk.Faults.Count, 1, CertificateBundle.MaxCertificates);
        Assert.InRange(read, 1, CertificateBundle.MaxCertificates + 1);

        ReadOnlyMemory<byte>[] lists = [.. Enumerable.Range(1, 20).Select(i => (ReadOnlyMemory<byte>)Amd.RevocationList().WithNumber(i).Mint())];
        Assert.Equal(CertificateBundle.MaxCertificates, CertificateBundle.Empty.WithRevocationLists(lists).RevocationLists.Count);
        Assert.Single(CertificateBundle.Empty.WithRevocationLists(lists).Faults);
    }

    [Fact]
    public void With_KeepsEverything_AndChangesNeither()
    {
        CertificateBundle first = CertificateBundle.FromDer([Amd.Ark.Certificate, new byte[1]]);
        Assert.True(CertificateBundle.TryFromTable(Scenario.Vcek().Table.Build(), out CertificateBundle? second, out _));

        CertificateBundle both = first.With(second).WithRevocationLists([Amd.RevocationList().Mint()]);

        Assert.Equal(3, both.Certificates.Count);
        Assert.Single(both.RevocationLists);
        Assert.Single(both.Faults);
        Assert.True(both.IsFromTable);
        Assert.False(first.IsFromTable);
        Assert.Single(first.Certificates);
        Assert.Empty(second.Faults);
    }

    [Fact]
    public void Find_LooksForRoleAndProduct()
    {
        CertificateBundle bundle = CertificateBundle.FromDer([VirtualAmd.Genoa.Ark.Certificate, Amd.Ark.Certificate, Amd.Ask.Certificate]);
        Assert.Equal(ProductLine.Milan, bundle.Find(CertificateRole.Ark, ProductLine.Milan)?.Product);
        Assert.Equal(ProductLine.Genoa, bundle.Find(CertificateRole.Ark)?.Product);
        Assert.Null(bundle.Find(CertificateRole.Ark, ProductLine.Turin));
        Assert.Null(bundle.Find(CertificateRole.Vcek));
        Assert.Null(CertificateBundle.Empty.Find(CertificateRole.Ark));
    }

    private static string Lines(int length) => string.Concat(new[] { Amd.Ask.Certificate, Amd.Ark.Certificate }.Select(der =>
        $"-----BEGIN CERTIFICATE-----\n{string.Join('\n', Convert.ToBase64String(der).Chunk(length).Select(c => new string(c)))}\n-----END CERTIFICATE-----\n"));

    private static CertificateBundle FromFile(byte[] file) =>
        CertificateBundle.TryFromFile(file, out CertificateBundle? bundle, out EvidenceFault fault) ? bundle : throw new InvalidOperationException(fault.ToString());
}
