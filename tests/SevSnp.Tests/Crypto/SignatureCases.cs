using System.Numerics;
using Org.BouncyCastle.Math.EC;
using static SevSnp.Tests.Crypto.P384Math;

namespace SevSnp.Tests.Crypto;

/// <summary>A signature over a digest, and what is known of it by how it was made; null where only the platform can tell.</summary>
internal sealed record SignatureCase(string Kind, byte[] Digest, byte[] Signature, bool? IsValid);

/// <summary>
/// One public key, chosen by a seed, with any number of signatures for it: right ones with random and with edge values, right ones that
/// were spoilt, and ones made of edge values alone. A right one needs no private key: with R = u1 G + u2 Q, r = x(R), s = r/u2, e = u1 s.
/// </summary>
internal sealed class SignatureCases
{
    private static readonly BigInteger Top = BigInteger.One << 384;

    private readonly Random _random;
    private readonly BigInteger _private;
    private readonly (BigInteger U1, BigInteger U2)? _special;
    private BigInteger _u1;
    private BigInteger _u2;
    private ECPoint _sum;

    public SignatureCases(int seed)
    {
        _random = new Random(seed);
        _u1 = Scalar();
        _u2 = Scalar();
        switch (_random.Next(8))
        {
            case 0:
                // A key at an edge of the coordinates, of which nobody knows the private key.
                Key = PointFrom(_random.Next(2) == 0 ? _random.Next(1000) : Prime - 1 - _random.Next(1 << 20));
                break;
            case 1:
                // A key for which a sum with a chosen x comes out, more often than not an x from the order on.
                _special = (_u1, _u2);
                ECPoint special = PointFrom(_random.Next(4) switch { 0 => _random.Next(1000), 1 => Order - 1 - _random.Next(1 << 20), _ => Order + 1 + _random.Next() });
                Key = special.Subtract(G.Multiply(Bc(_u1))).Multiply(Bc(Inverse(_u2))).Normalize();
                break;
            case 2:
                _private = Edge();
                Key = G.Multiply(Bc(_private)).Normalize();
                break;
            default:
                _private = Scalar();
                Key = G.Multiply(Bc(_private)).Normalize();
                break;
        }

        _sum = Sum(_u1, Key, _u2);
    }

    public ECPoint Key { get; }

    public SignatureCase Next() => _random.Next(100) switch
    {
        < 40 => Right("right", _random.Next()),
        < 48 => OverChosenDigest(),
        < 54 => WithChosenS(),
        < 56 => WithChosenMultipliers(),
        < 58 => OfEqualOrOppositeSummands(),
        < 61 => OfChosenSum(),
        < 86 => Spoilt(),
        _ => OfEdges(),
    };

    // The next R is not far from the last one, so that it costs little; its u1 and u2 have other digits.
    private SignatureCase Right(string kind, int choice)
    {
        do
        {
            (_sum, _u1, _u2) = choice % 2 == 0
                ? (_sum.Twice().Add(G), Mod((2 * _u1) + 1), Mod(2 * _u2))
                : (_sum.Twice().Add(Key), Mod(2 * _u1), Mod((2 * _u2) + 1));
            _sum = _sum.Normalize();
        }
        while (_sum.IsInfinity || _u2.IsZero);
        return Make(kind, X(_sum) % Order, _u1, _u2);
    }

    private static SignatureCase Make(string kind, BigInteger r, BigInteger u1, BigInteger u2)
    {
        BigInteger s = Mod(r * Inverse(u2));
        return new SignatureCase(kind, Bytes(Mod(u1 * s)), Signature(r, s), !r.IsZero);
    }

    // R = k G with k = u1 + u2 d, and any digest.
    private SignatureCase OverChosenDigest()
    {
        if (_private.IsZero)
        {
            return Right("right", 1);
        }

        Right("", _random.Next());
        BigInteger e = _random.Next(2) == 0 ? Digest() : Number();
        BigInteger r = X(_sum) % Order;
        BigInteger s = Mod((e + (r * _private)) * Inverse(Mod(_u1 + (_u2 * _private))));
        return new SignatureCase("chosen digest", Bytes(e), Signature(r, s), !s.IsZero);
    }

    private SignatureCase WithChosenS()
    {
        if (_private.IsZero)
        {
            return Right("right", 0);
        }

        Right("", _random.Next());
        BigInteger s = Edge();
        BigInteger r = X(_sum) % Order;
        BigInteger e = Mod((s * (_u1 + (_u2 * _private))) - (r * _private));
        return new SignatureCase("chosen s", Bytes(e), Signature(r, s), true);
    }

    private SignatureCase WithChosenMultipliers()
    {
        BigInteger u1 = _random.Next(8) == 0 ? 0 : Edge();
        BigInteger u2 = Edge();
        ECPoint sum = Sum(u1, Key, u2);
        return sum.IsInfinity ? Right("right", 0) : Make("chosen multipliers", X(sum) % Order, u1, u2);
    }

    private SignatureCase OfEqualOrOppositeSummands()
    {
        if (_private.IsZero)
        {
            return Right("right", 1);
        }

        BigInteger u2 = _random.Next(2) == 0 ? Edge() : Scalar();
        if (_random.Next(2) == 0)
        {
            BigInteger u1 = Mod(u2 * _private);
            return Make("equal summands", X(Sum(u1, Key, u2)) % Order, u1, u2);
        }

        SignatureCase made = Make("opposite summands", Edge(), Mod(-u2 * _private), u2);
        return made with { IsValid = false };
    }

    private SignatureCase OfChosenSum()
    {
        if (_special is not { } special)
        {
            return Right("right", 0);
        }

        SignatureCase made = Make("chosen sum", X(Sum(special.U1, Key, special.U2)) % Order, special.U1, special.U2);
        return _random.Next(2) == 0 ? made : Spoil(made);
    }

    private SignatureCase Spoilt() => Spoil(_random.Next(4) == 0 ? OverChosenDigest() : Right("right", _random.Next()));

    private SignatureCase Spoil(SignatureCase made)
    {
        byte[] digest = [.. made.Digest];
        byte[] signature = [.. made.Signature];
        BigInteger r = Read(signature.AsSpan(0, Size));
        BigInteger s = Read(signature.AsSpan(Size));
        switch (_random.Next(9))
        {
            case 0:
                digest[_random.Next(Size)] ^= (byte)(1 << _random.Next(8));
                return new SignatureCase("flipped digest", digest, signature, null);
            case 1:
            case 2:
                signature[_random.Next(2 * Size)] ^= (byte)(1 << _random.Next(8));
                return new SignatureCase("flipped signature", digest, signature, null);
            case 3:
                return made with { Kind = "swapped", Signature = Signature(s, r), IsValid = null };
            case 4:
                return made with { Kind = "other sign of s", Signature = Signature(r, Order - s) };
            case 5:
                return made with { Kind = "other sign of r", Signature = Signature(Order - r, s), IsValid = null };
            case 6:
                return made with { Kind = "other r", Signature = Signature(Edge(), s), IsValid = null };
            case 7:
                return made with { Kind = "other s", Signature = Signature(r, Edge()), IsValid = null };
            default:
                // The same number modulo n, where 48 bytes hold it.
                BigInteger other = r + Order < Top ? r + Order : _random.Next(2) == 0 ? Order : 0;
                return made with { Kind = "r out of range", Signature = Signature(other, s), IsValid = false };
        }
    }

    private SignatureCase OfEdges() => new(
        "edges", Bytes(Digest()), Signature(_random.Next(4) == 0 ? Digest() : Edge(), _random.Next(4) == 0 ? Digest() : Edge()), null);

    private BigInteger Number()
    {
        byte[] bytes = new byte[Size];
        _random.NextBytes(bytes);
        return Read(bytes);
    }

    private BigInteger Scalar() => (Number() % (Order - 1)) + 1;

    // Any 48 bytes: zero, the order, and what is more, too.
    private BigInteger Digest() => _random.Next(8) switch
    {
        0 => 0,
        1 => Order,
        2 => Order + _random.Next(3),
        3 => Prime - _random.Next(3),
        4 => Top - 1 - _random.Next(3),
        5 => Top - 1 - (Number() >> 195),
        _ => Edge(),
    };

    // From 1 to n-1: the ends, powers of two and what is beside them, few bits, few gaps, long runs.
    private BigInteger Edge()
    {
        BigInteger value = _random.Next(9) switch
        {
            0 => 1 + _random.Next(4),
            1 => Order - 1 - _random.Next(4),
            2 => (Order / 2) + _random.Next(-2, 3),
            3 => (BigInteger.One << _random.Next(384)) + _random.Next(-1, 2),
            4 => Order - (BigInteger.One << _random.Next(384)),
            5 => Few(),
            6 => Order - Few(),
            7 => ((BigInteger.One << _random.Next(1, 200)) - 1) << _random.Next(184),
            _ => Prime - Order + _random.Next(-2, 3),
        };
        value = Mod(value);
        return value.IsZero ? 1 : value;
    }

    private BigInteger Few()
    {
        BigInteger value = 0;
        for (int i = 1 + _random.Next(5); i > 0; i--)
        {
            value |= BigInteger.One << _random.Next(383);
        }

        return value;
    }
}
