using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using SevSnp.Checks;
using SevSnp.Launch;

namespace SevSnp.Certificates;

/// <summary>An X.509 revocation list of an AMD root, parsed strictly from DER. Parsing says nothing about who signed it.</summary>
public sealed class RevocationList
{
    private RevocationList()
    {
    }

    /// <summary>The product line named by the issuer.</summary>
    public ProductLine Product => throw new NotSupportedException();

    /// <summary>The list as received, DER.</summary>
    public ReadOnlyMemory<byte> Der => throw new NotSupportedException();

    /// <summary>When it was issued, UTC.</summary>
    public DateTimeOffset ThisUpdate => throw new NotSupportedException();

    /// <summary>When the next one is due, UTC; from then on it is stale.</summary>
    public DateTimeOffset NextUpdate => throw new NotSupportedException();

    /// <summary>CRL number, or null when it has none. A higher number is newer.</summary>
    public BigInteger? Number => throw new NotSupportedException();

    /// <summary>Parses one list.</summary>
    /// <param name="der">The DER, with nothing behind it.</param>
    /// <param name="list">The list.</param>
    /// <param name="fault">Why it was refused.</param>
    /// <returns>True when it is a list of AMD's profile.</returns>
    public static bool TryParse(ReadOnlySpan<byte> der, [NotNullWhen(true)] out RevocationList? list, out EvidenceFault fault) => throw new NotSupportedException();
}
