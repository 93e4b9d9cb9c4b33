using System.Formats.Asn1;
using SevSnp.Checks;

namespace SevSnp.Certificates.X509;

/// <summary>
/// A cursor over untrusted DER (X.690 section 10) on top of System.Formats.Asn1, which refuses indefinite and non-minimal encodings.
/// The first fault sticks in the log with its offset; later reads give empty values.
/// </summary>
internal ref struct DerReader
{
    private const int MaxObjectIdentifierLength = 64;

    private readonly ReadOnlySpan<byte> _der;
    private readonly FaultLog _faults;
    private readonly int _end;
    private int _position;

    public DerReader(ReadOnlySpan<byte> der, FaultLog faults, CheckId check)
        : this(der, new DerElement(0, 0, der.Length), faults, check)
    {
    }

    public DerReader(ReadOnlySpan<byte> der, DerElement content, FaultLog faults, CheckId check)
    {
        _der = der;
        _faults = faults;
        _position = content.ContentStart;
        _end = content.End;
        Check = check;
    }

    private delegate T Decoder<T>(ReadOnlySpan<byte> encoded);

    /// <summary>The check that a fault belongs to.</summary>
    public CheckId Check { get; set; }

    public readonly int Position => _position;

    /// <summary>True behind the last element and after a fault, so that a loop over elements ends.</summary>
    public readonly bool AtEnd => _faults.Failed || _position >= _end;

    public readonly bool NextIs(Asn1Tag tag) => !AtEnd && Asn1Tag.TryDecode(_der[_position.._end], out Asn1Tag next, out _) && next == tag;

    public DerElement Element(Asn1Tag tag, string field)
    {
        if (_faults.Failed)
        {
            return default;
        }

        if (!AsnDecoder.TryReadEncodedValue(_der[_position.._end], AsnEncodingRules.DER, out Asn1Tag actual, out int start, out int length, out int consumed))
        {
            Fail(field, _position >= _end ? "is missing" : "is not DER");
            return default;
        }

        if (actual != tag)
        {
            Fail(field, $"must have the tag {Name(tag)}, has {Name(actual)}");
            return default;
        }

        DerElement element = new(_position, _position + start, _position + start + length);
        _position += consumed;
        return element;
    }

    /// <summary>Enters a constructed element.</summary>
    public DerReader Enter(Asn1Tag tag, string field) => new(_der, Element(tag, field), _faults, Check);

    public DerReader Sequence(string field) => Enter(Asn1Tag.Sequence, field);

    /// <summary>Content bytes of an INTEGER: two's complement, big endian, minimal.</summary>
    public DerElement Integer(string field) => Validated(Asn1Tag.Integer, field, static b => AsnDecoder.ReadIntegerBytes(b, AsnEncodingRules.DER, out _).Length);

    /// <summary>An INTEGER from 0 to 255, or -1 after a fault.</summary>
    public int SmallInteger(string field)
    {
        DerElement number = Integer(field);
        ReadOnlySpan<byte> content = number.Content(_der);
        if (content is [<= 0x7F] or [0, _])
        {
            return content[^1];
        }

        FailAt(number.Start, field, "must be an INTEGER from 0 to 255");
        return -1;
    }

    /// <summary>An OBJECT IDENTIFIER in dotted form. Bounded, because unknown ones are named in faults.</summary>
    public string ObjectIdentifier(string field)
    {
        int start = _position;
        string oid = Read(Asn1Tag.ObjectIdentifier, field, static b => AsnDecoder.ReadObjectIdentifier(b, AsnEncodingRules.DER, out _)) ?? "";
        if (oid.Length > MaxObjectIdentifierLength)
        {
            FailAt(start, field, $"must be an object identifier of at most {MaxObjectIdentifierLength} characters");
        }

        return oid;
    }

    public bool Boolean(string field) => Read(Asn1Tag.Boolean, field, static b => AsnDecoder.ReadBoolean(b, AsnEncodingRules.DER, out _));

    public DerElement OctetString(string field) => Element(Asn1Tag.PrimitiveOctetString, field);

    /// <summary>Content of a BIT STRING that uses every bit of its last byte.</summary>
    public DerElement WholeBitString(string field)
    {
        DerElement element = Element(Asn1Tag.PrimitiveBitString, field);
        if (_faults.Failed)
        {
            return default;
        }

        if (element.Content(_der) is not [0, ..])
        {
            FailAt(element.Start, field, "must have no unused bits");
            return default;
        }

        return element with { ContentStart = element.ContentStart + 1 };
    }

    public string Text(UniversalTagNumber type, string field) => type switch
    {
        UniversalTagNumber.IA5String or UniversalTagNumber.PrintableString or UniversalTagNumber.UTF8String =>
            Read(new Asn1Tag(type), field, b => AsnDecoder.ReadCharacterString(b, AsnEncodingRules.DER, type, out _)) ?? "",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>UTCTime through 2049 and GeneralizedTime from 2050 on, whole seconds, Zulu (RFC 5280 section 4.1.2.5).</summary>
    public DateTimeOffset Time(string field)
    {
        int start = _position;
        if (NextIs(Asn1Tag.UtcTime))
        {
            return Read(Asn1Tag.UtcTime, field, static b => AsnDecoder.ReadUtcTime(b, AsnEncodingRules.DER, out _, 2049));
        }

        DateTimeOffset time = Read(Asn1Tag.GeneralizedTime, field, static b => AsnDecoder.ReadGeneralizedTime(b, AsnEncodingRules.DER, out _));
        if (!_faults.Failed && (time.Year < 2050 || time.Ticks % TimeSpan.TicksPerSecond != 0))
        {
            FailAt(start, field, "must be UTCTime before 2050 and have no fraction of a second");
        }

        return time;
    }

    /// <summary>Nothing stands behind the last element read.</summary>
    public readonly void End(string field)
    {
        if (!AtEnd)
        {
            Fail(field, $"has {_end - _position} bytes behind its last element");
        }
    }

    public readonly void Fail(string field, string rule) => FailAt(_position, field, rule);

    public readonly void FailAt(int offset, string field, string rule) => _faults.Report(Check, field, offset, rule);

    private static string Name(Asn1Tag tag) => tag.TagClass == TagClass.Universal ? ((UniversalTagNumber)tag.TagValue).ToString() : tag.ToString();

    private DerElement Validated(Asn1Tag tag, string field, Decoder<int> decode)
    {
        DerReader before = this;
        Read(tag, field, decode);
        return _faults.Failed ? default : before.Element(tag, field);
    }

    // System.Formats.Asn1 tells malformed content by an exception; it ends here.
    private T? Read<T>(Asn1Tag tag, string field, Decoder<T> decode)
    {
        DerElement element = Element(tag, field);
        if (_faults.Failed)
        {
            return default;
        }

        try
        {
            return decode(element.Encoded(_der));
        }
        catch (AsnContentException)
        {
            FailAt(element.Start, field, $"is not a valid DER {Name(tag)}");
            return default;
        }
    }
}
