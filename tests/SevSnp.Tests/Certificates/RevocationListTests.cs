using System.Numerics;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates;

public class RevocationListTests
{
    private static readonly VirtualAmd Amd = VirtualAmd.Milan;

    private static RevocationListRecipe Good => Amd.RevocationList() with { Revoked = [Der.Number(7), Der.NumberOf(1, 1, 1)] };

    [Fact]
    public void GoodList_SaysWhatItWasMadeOf()
    {
        byte[] der = Good.WithNumber(0x1234).Mint();

        Assert.True(RevocationList.TryParse(der, out RevocationList? list, out EvidenceFault fault), fault.ToString());
        Assert.Equal(default, fault);
        Assert.Equal(ProductLine.Milan, list.Product);
        Assert.Equal(new BigInteger(0x1234), list.Number);
        Assert.Equal(Good.ThisUpdate, list.ThisUpdate);
        Assert.Equal(Good.NextUpdate, list.NextUpdate);
        Assert.Equal(der, list.Der.ToArray());
        Assert.True(list.IsSignedBy(RealCertificates.Parse(Amd.Ark.Certificate)));
        Assert.False(list.IsSignedBy(RealCertificates.Parse(Amd.Ask.Certificate)));
        Assert.True(list.Names(RealCertificates.Parse(Amd.Asvk.Certificate)));
        Assert.False(list.Names(RealCertificates.Parse(Amd.Ask.Certificate)));
    }

    [Fact]
    public void EmptyListWithoutNumber_IsAList()
    {
        Assert.True(RevocationList.TryParse((Amd.RevocationList() with { Extensions = [] }).Mint(), out RevocationList? list, out _));
        Assert.Null(list.Number);
    }

    public static TheoryData<string, CheckId> Defects => new()
    {
        { "version 1", CheckId.CertificatesAreNotRevoked },
        { "version 3", CheckId.CertificatesAreNotRevoked },
        { "issuer is an intermediate", CheckId.CertificatesAreNotRevoked },
        { "issuer of another organization", CheckId.CertificatesAreNotRevoked },
        { "no next update", CheckId.CertificatesAreNotRevoked },
        { "next update first", CheckId.CertificatesAreNotRevoked },
        { "delta list", CheckId.CertificatesAreNotRevoked },
        { "distribution point", CheckId.CertificatesAreNotRevoked },
        { "number twice", CheckId.CertificatesAreNotRevoked },
        { "negative number", CheckId.CertificatesAreNotRevoked },
        { "number of 21 bytes", CheckId.CertificatesAreNotRevoked },
        { "serial number not minimal", CheckId.CertificatesAreNotRevoked },
        { "trailing byte", CheckId.CertificatesAreNotRevoked },
        { "cut", CheckId.CertificatesAreNotRevoked },
        { "PKCS #1", CheckId.ChainSignaturesAreValid },
        { "salt 32", CheckId.ChainSignaturesAreValid },
        { "algorithms differ", CheckId.ChainSignaturesAreValid },
        { "short signature", CheckId.ChainSignaturesAreValid },
    };

    [Theory]
    [MemberData(nameof(Defects))]
    public void OneDefect_IsRefused(string defect, CheckId check)
    {
        RevocationListRecipe recipe = defect switch
        {
            "version 1" => Good with { Version = [] },
            "version 3" => Good with { Version = Der.Number(2) },
            "issuer is an intermediate" => Good with { Issuer = Amd.Ask.Recipe.Subject },
            "issuer of another organization" => Good with { Issuer = AmdName.Of("ARK-Milan", "Advanced Micro Devices, Inc.") },
            "no next update" => Good with { NextUpdate = null },
            "next update first" => Good with { NextUpdate = Good.ThisUpdate.AddSeconds(-1) },
            "delta list" => Plus(new(Oids.DeltaCrlIndicator, Der.Number(1), Critical: true)),
            "distribution point" => Plus(new(Oids.IssuingDistributionPoint, Der.Sequence(), Critical: true)),
            "number twice" => Plus(new(Oids.CrlNumber, Der.Number(1))),
            "negative number" => Good.WithNumber(-1),
            "number of 21 bytes" => Good with { Extensions = [new(Oids.CrlNumber, Der.NumberOf([1, .. new byte[20]]))] },
            "serial number not minimal" => Good with { Revoked = [Der.NumberOf(0, 7)] },
            "trailing byte" => Good with { AlterWhole = der => [.. der, 0] },
            "cut" => Good with { AlterWhole = der => der[..^1] },
            "PKCS #1" => Good with { InnerAlgorithm = SignatureAlgorithm.Pkcs1() },
            "salt 32" => Good with { InnerAlgorithm = SignatureAlgorithm.Pss(salt: 32) },
            "algorithms differ" => Good with { OuterAlgorithm = SignatureAlgorithm.PssWithTrailer() },
            "short signature" => Good with { Sign = part => Amd.Ark.Sign(part)[1..] },
            _ => throw new ArgumentOutOfRangeException(nameof(defect)),
        };

        Assert.False(RevocationList.TryParse(recipe.Mint(), out RevocationList? list, out EvidenceFault fault));
        Assert.Null(list);
        Assert.True(fault.Check == check, fault.ToString());
    }

    [Fact]
    public void CriticalExtensionOfAnEntry_IsRefused()
    {
        byte[] entry(bool critical) => Der.Concat(
            Der.Number(7),
            Der.Time(VirtualAmd.Now),
            Der.Sequence(Der.Sequence(Der.Oid(Oids.CertificateIssuer), critical ? Der.True() : [], Der.OctetString(Der.Sequence()))));

        Assert.True(RevocationList.TryParse(WithEntry(entry(critical: false)).Mint(), out RevocationList? list, out EvidenceFault fault), fault.ToString());
        Assert.NotNull(list);
        Assert.False(RevocationList.TryParse(WithEntry(entry(critical: true)).Mint(), out _, out fault));
        Assert.Equal(CheckId.CertificatesAreNotRevoked, fault.Check);
    }

    [Fact]
    public void UnknownExtensionThatIsNotCritical_IsIgnored() =>
        Assert.True(RevocationList.TryParse(Plus(new("1.2.3.4", [0x05, 0x00])).Mint(), out _, out _));

    [Fact]
    public void Size_IsBoundedBeforeAnythingIsRead()
    {
        Assert.False(RevocationList.TryParse(new byte[(64 * 1024) + 1], out _, out EvidenceFault fault));
        Assert.Contains("at most 65536", fault.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void EverySingleBitFlip_IsRefusedOrNoLongerSigned()
    {
        byte[] good = Good.Mint();
        AmdCertificate root = RealCertificates.Parse(Amd.Ark.Certificate);
        Parallel.For(0, good.Length * 8, new ParallelOptions { MaxDegreeOfParallelism = 2 }, bit =>
        {
            byte[] changed = [.. good];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(RevocationList.TryParse(changed, out RevocationList? list, out _) && list.IsSignedBy(root), $"bit {bit}");
        });
    }

    private static RevocationListRecipe Plus(ExtensionRecipe extension) => Good with { Extensions = [.. Good.Extensions, extension] };

    // The recipe wraps a serial number and a date; this entry brings its own end.
    private static RevocationListRecipe WithEntry(byte[] entry)
    {
        RevocationListRecipe recipe = Good with { Revoked = [] };
        return recipe with
        {
            Extensions = [],
            Issuer = recipe.Issuer,
            AlterWhole = _ =>
            {
                byte[] part = Der.Sequence(
                    recipe.Version, recipe.InnerAlgorithm, recipe.Issuer, Der.Time(recipe.ThisUpdate), Der.Time(recipe.NextUpdate!.Value), Der.Sequence(Der.Sequence(entry)));
                return Der.Sequence(part, recipe.InnerAlgorithm, Der.BitString(recipe.Sign(part)));
            },
        };
    }
}
