using System.Text.RegularExpressions;
using CsCheck;
using SevSnp.Certificates;
using SevSnp.Launch;
using SevSnp.Primitives;

namespace SevSnp.Tests.Certificates;

public partial class KdsAddressTests
{
    private static readonly HexBytes Chip = new([.. Enumerable.Range(0, 64).Select(i => (byte)i)]);

    [Fact]
    public void MilanAndGenoa_NameTheWholeChipIdAndFourComponents()
    {
        TcbVersion tcb = new(TcbLayout.Legacy, 0, 4, 0, 24, 219);
        Assert.Equal($"/vcek/v1/Milan/{Chip}?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219", KdsAddress.Vcek(ProductLine.Milan, Chip, tcb));
        Assert.Equal($"/vcek/v1/Genoa/{Chip}?blSPL=4&teeSPL=0&snpSPL=24&ucodeSPL=219", KdsAddress.Vcek(ProductLine.Genoa, Chip, tcb));
    }

    [Fact]
    public void Turin_NamesEightBytesAndFmcFirst()
    {
        TcbVersion tcb = new(TcbLayout.Turin, 1, 2, 3, 4, 81);
        Assert.Equal("/vcek/v1/Turin/0001020304050607?fmcSPL=1&blSPL=2&teeSPL=3&snpSPL=4&ucodeSPL=81", KdsAddress.Vcek(ProductLine.Turin, Chip, tcb));
    }

    [Theory]
    [InlineData(KeyKind.Vcek, ProductLine.Milan, "/vcek/v1/Milan/")]
    [InlineData(KeyKind.Vlek, ProductLine.Genoa, "/vlek/v1/Genoa/")]
    [InlineData(KeyKind.Vlek, ProductLine.Turin, "/vlek/v1/Turin/")]
    public void ChainAndList_StandSideBySide(KeyKind kind, ProductLine product, string folder)
    {
        Assert.Equal(folder + "cert_chain", KdsAddress.CertificateChain(kind, product));
        Assert.Equal(folder + "crl", KdsAddress.RevocationList(kind, product));
    }

    [Fact]
    public void T33_AnyChipAndTcb_GiveAnAddressOfOneForm() =>
        Gen.Select(Gen.Enum<ProductLine>().Where(p => p != ProductLine.Unknown), Gen.Byte.Array[64], Gen.Byte.Array[5]).Sample((product, chip, spl) =>
        {
            TcbLayout layout = product.TcbLayout();
            TcbVersion tcb = new(layout, layout == TcbLayout.Turin ? spl[0] : (byte)0, spl[1], spl[2], spl[3], spl[4]);
            Assert.Matches(VcekForm(), KdsAddress.Vcek(product, new HexBytes(chip), tcb));
        });

    [Fact]
    public void WhatNobodyCanAskFor_IsADefectOfTheCaller()
    {
        TcbVersion legacy = new(TcbLayout.Legacy, 0, 1, 1, 1, 1);
        TcbVersion turin = new(TcbLayout.Turin, 1, 1, 1, 1, 1);
        Assert.ThrowsAny<ArgumentException>(() => KdsAddress.Vcek(ProductLine.Unknown, Chip, legacy));
        Assert.ThrowsAny<ArgumentException>(() => KdsAddress.Vcek(ProductLine.Milan, Chip, turin));
        Assert.ThrowsAny<ArgumentException>(() => KdsAddress.Vcek(ProductLine.Turin, Chip, legacy));
        Assert.ThrowsAny<ArgumentException>(() => KdsAddress.Vcek(ProductLine.Milan, new HexBytes(new byte[63]), legacy));
        Assert.ThrowsAny<ArgumentException>(() => KdsAddress.CertificateChain(KeyKind.None, ProductLine.Milan));
        Assert.ThrowsAny<ArgumentException>(() => KdsAddress.RevocationList(KeyKind.Vcek, ProductLine.Unknown));
    }

    [GeneratedRegex("^/vcek/v1/((Milan|Genoa)/[0-9a-f]{128}[?]|Turin/[0-9a-f]{16}[?]fmcSPL=[0-9]{1,3}&)blSPL=[0-9]{1,3}&teeSPL=[0-9]{1,3}&snpSPL=[0-9]{1,3}&ucodeSPL=[0-9]{1,3}\\z")]
    private static partial Regex VcekForm();
}
