using System.Formats.Asn1;
using System.Text;
using SevSnp.Certificates.X509;
using SevSnp.Checks;
using Verifier.TestKit;

namespace SevSnp.Tests.Certificates.X509;

public class DerReaderTests
{
    private delegate void Reading(ref DerReader reader);

    public static TheoryData<string, string> BadEncodings => new()
    {
        { "INTEGER", "0200" },
        { "INTEGER", "02020001" },
        { "INTEGER", "0202ff80" },
        { "INTEGER", "02810101" },
        { "INTEGER", "0280010000" },
        { "INTEGER", "22030201010000" },
        { "INTEGER", "0202" },
        { "BYTE", "02020100" },
        { "BYTE", "0201ff" },
        { "BYTE", "0203010000" },
        { "OID", "0600" },
        { "OID", "06020180" },
        { "OID", "0603808001" },
        { "BOOLEAN", "010101" },
        { "BOOLEAN", "01020000" },
        { "BITS", "0300" },
        { "BITS", "03020180" },
        { "BITS", "030108" },
        { "BITS", "2304030200aa" },
        { "OCTETS", "2403040100" },
        { "TEXT", "1601c3" },
    };

    [Theory]
    [MemberData(nameof(BadEncodings))]
    public void EncodingThatDerForbids_IsAFaultAtItsOffset(string type, string hex)
    {
        byte[] der = [0x05, 0x00, .. Convert.FromHexString(hex)];
        EvidenceFault fault = FaultOf(der, (ref DerReader reader) =>
        {
            reader.Element(Asn1Tag.Null, "first");
            Read(ref reader, type);
        });

        Assert.Equal(CheckId.CertificatesMatchProfile, fault.Check);
        Assert.Equal("test value", fault.Field);
        Assert.Equal(2, fault.Offset);
    }

    [Theory]
    [InlineData("INTEGER", "0202ff7f")]
    [InlineData("INTEGER", "020100")]
    [InlineData("BYTE", "020200ff")]
    [InlineData("BYTE", "02017f")]
    [InlineData("OID", "06032b8104")]
    [InlineData("BOOLEAN", "0101ff")]
    [InlineData("BITS", "030200aa")]
    [InlineData("OCTETS", "0400")]
    [InlineData("TEXT", "160141")]
    public void EncodingThatDerWants_IsRead(string type, string hex) =>
        Assert.Null(Run(Convert.FromHexString(hex), (ref DerReader reader) =>
        {
            Read(ref reader, type);
            reader.End("all");
        }));

    [Theory]
    [InlineData(0x17, "261001000000Z", "2026-10-01T00:00:00Z")]
    [InlineData(0x17, "491231235959Z", "2049-12-31T23:59:59Z")]
    [InlineData(0x17, "500101000000Z", "1950-01-01T00:00:00Z")]
    [InlineData(0x18, "20500101000000Z", "2050-01-01T00:00:00Z")]
    [InlineData(0x18, "99991231235959Z", "9999-12-31T23:59:59Z")]
    public void Time_IsRead(byte tag, string text, string expected)
    {
        DateTimeOffset time = default;
        Assert.Null(Run(Der.Tlv(tag, Encoding.ASCII.GetBytes(text)), (ref DerReader reader) => time = reader.Time("value")));
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), time);
        Assert.Equal(TimeSpan.Zero, time.Offset);
    }

    [Theory]
    [InlineData(0x18, "20261001000000Z")]
    [InlineData(0x18, "20491231235959Z")]
    [InlineData(0x18, "20500101000000.5Z")]
    [InlineData(0x18, "20500101000000")]
    [InlineData(0x18, "20500101000000+0000")]
    [InlineData(0x17, "2610010000Z")]
    [InlineData(0x17, "261001000000")]
    [InlineData(0x17, "261001000000+0000")]
    [InlineData(0x17, "261301000000Z")]
    [InlineData(0x17, "260230000000Z")]
    [InlineData(0x17, "261001240000Z")]
    [InlineData(0x17, "")]
    [InlineData(0x13, "261001000000Z")]
    public void TimeOfAnotherForm_IsAFault(byte tag, string text) =>
        FaultOf(Der.Tlv(tag, Encoding.ASCII.GetBytes(text)), (ref DerReader reader) => reader.Time("value"));

    [Fact]
    public void FirstFault_Sticks_AndLaterReadsAreEmpty()
    {
        byte[] der = [0x02, 0x00, 0x02, 0x01, 0x05, 0x30, 0x00];
        EvidenceFault fault = FaultOf(der, (ref DerReader reader) =>
        {
            Assert.Equal(default, reader.Integer("first"));
            Assert.Equal(-1, reader.SmallInteger("second"));
            Assert.Equal("", reader.ObjectIdentifier("third"));
            Assert.False(reader.Boolean("fourth"));
            Assert.Equal(default, reader.WholeBitString("fifth"));
            Assert.True(reader.Sequence("sixth").AtEnd);
            Assert.True(reader.AtEnd);
            reader.End("seventh");
        });
        Assert.Equal(("test first", 0), (fault.Field, fault.Offset));
    }

    [Fact]
    public void BytesBehindTheLastElement_AreAFault()
    {
        EvidenceFault fault = FaultOf([0x02, 0x01, 0x05, 0x00], (ref DerReader reader) =>
        {
            Assert.Equal(5, reader.SmallInteger("value"));
            reader.End("all");
        });
        Assert.Equal(3, fault.Offset);
    }

    [Fact]
    public void InnerElement_CannotReachBehindItsOuterOne()
    {
        EvidenceFault fault = FaultOf([0x30, 0x03, 0x02, 0x02, 0x01, 0x01, 0x01], (ref DerReader reader) => reader.Sequence("outer").Integer("inner"));
        Assert.Equal(("test inner", 2), (fault.Field, fault.Offset));
    }

    [Fact]
    public void T104_HugeObjectIdentifier_IsAFaultThatDoesNotRepeatIt()
    {
        byte[] oid = Der.Tlv(0x06, [0x2B, .. Enumerable.Repeat((byte)0x01, 200)]);
        Assert.True(FaultOf(oid, (ref DerReader reader) => reader.ObjectIdentifier("value")).ToString().Length < 200);
    }

    private static void Read(ref DerReader reader, string type)
    {
        switch (type)
        {
            case "INTEGER":
                reader.Integer("value");
                break;
            case "BYTE":
                reader.SmallInteger("value");
                break;
            case "OID":
                reader.ObjectIdentifier("value");
                break;
            case "BOOLEAN":
                reader.Boolean("value");
                break;
            case "BITS":
                reader.WholeBitString("value");
                break;
            case "OCTETS":
                reader.OctetString("value");
                break;
            default:
                reader.Text(UniversalTagNumber.IA5String, "value");
                break;
        }
    }

    private static EvidenceFault FaultOf(byte[] der, Reading read)
    {
        EvidenceFault? fault = Run(der, read);
        Assert.NotNull(fault);
        return fault.Value;
    }

    private static EvidenceFault? Run(byte[] der, Reading read)
    {
        FaultLog faults = new("test");
        DerReader reader = new(der, faults, CheckId.CertificatesMatchProfile);
        read(ref reader);
        return faults.First;
    }
}
