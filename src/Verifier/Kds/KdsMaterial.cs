using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using SevSnp.Certificates;

namespace Verifier.Service.Kds;

/// <summary>A verified answer of the key service. Made by <see cref="AnswerVerifier"/> alone.</summary>
internal sealed class KdsMaterial(KdsItem item, ReadOnlyMemory<byte> raw, CertificateBundle bundle, DateTimeOffset fetchedAt, DateTimeOffset notAfter)
{
    // A chain or list is asked for again long before it ends: a new intermediate or a revocation must be seen.
    private static readonly TimeSpan ChainLife = TimeSpan.FromHours(24);
    private static readonly TimeSpan ListLife = TimeSpan.FromHours(6);
    private static readonly TimeSpan SharedLife = TimeSpan.FromDays(90);

    public KdsItem Item { get; } = item;

    /// <summary>The answer as received.</summary>
    public ReadOnlyMemory<byte> Raw { get; } = raw;

    public CertificateBundle Bundle { get; } = bundle;

    public DateTimeOffset FetchedAt { get; } = fetchedAt;

    /// <summary>From then on it is of no use.</summary>
    public DateTimeOffset NotAfter { get; } = notAfter;

    /// <summary>How long a shared cache keeps it.</summary>
    public DateTimeOffset SharedUntil => NotAfter < FetchedAt + SharedLife ? NotAfter : FetchedAt + SharedLife;

    /// <summary>From then on it is used, but asked for again.</summary>
    public DateTimeOffset RefreshAt => Item.Kind switch
    {
        KdsItemKind.Vcek => DateTimeOffset.MaxValue,
        KdsItemKind.Chain => FetchedAt + ChainLife,
        _ => Earlier(FetchedAt + ListLife, FetchedAt + ((NotAfter - FetchedAt) / 2)),
    };

    /// <summary>True when another list of the same root was issued before this one.</summary>
    public bool IsNewerThan(KdsMaterial other)
    {
        (BigInteger mine, BigInteger others) = (Number(this), Number(other));
        return mine != others ? mine > others : List(this).ThisUpdate > List(other).ThisUpdate;
    }

    /// <summary>The form kept in a shared cache: eight bytes with the time of fetching (Unix seconds, big endian), then the answer.</summary>
    public byte[] ToShared()
    {
        byte[] shared = new byte[sizeof(long) + Raw.Length];
        BinaryPrimitives.WriteInt64BigEndian(shared, FetchedAt.ToUnixTimeSeconds());
        Raw.Span.CopyTo(shared.AsSpan(sizeof(long)));
        return shared;
    }

    /// <summary>Splits the form of <see cref="ToShared"/>. A time that has not come yet is not believed.</summary>
    public static bool TrySplit([NotNullWhen(true)] byte[]? shared, DateTimeOffset now, out ReadOnlyMemory<byte> raw, out DateTimeOffset fetchedAt)
    {
        (raw, fetchedAt) = (default, default);
        if (shared is null || shared.Length <= sizeof(long))
        {
            return false;
        }

        long seconds = BinaryPrimitives.ReadInt64BigEndian(shared);
        if (seconds < 0 || seconds > now.ToUnixTimeSeconds() + (long)ChainVerifier.ClockSkew.TotalSeconds)
        {
            return false;
        }

        (raw, fetchedAt) = (shared.AsMemory(sizeof(long)), DateTimeOffset.FromUnixTimeSeconds(seconds));
        return true;
    }

    private static RevocationList List(KdsMaterial material) => material.Bundle.RevocationLists[0];

    // A list without a number is older than any that has one.
    private static BigInteger Number(KdsMaterial material) => List(material).Number ?? BigInteger.MinusOne;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
