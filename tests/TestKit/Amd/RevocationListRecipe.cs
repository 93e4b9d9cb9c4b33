namespace Verifier.TestKit;

/// <summary>Everything a revocation list is made of; <c>recipe with { ... }</c> changes any one thing.</summary>
public sealed record RevocationListRecipe
{
    /// <summary>Version element, DER; empty for version 1.</summary>
    public byte[] Version { get; init; } = Der.Number(1);

    /// <summary>Algorithm inside the signed part, DER.</summary>
    public byte[] InnerAlgorithm { get; init; } = SignatureAlgorithm.Pss();

    /// <summary>Algorithm beside the signature, DER; null for the same as inside.</summary>
    public byte[]? OuterAlgorithm { get; init; }

    /// <summary>Issuer, DER.</summary>
    public required byte[] Issuer { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset ThisUpdate { get; init; }

    /// <summary>When the next one is due; null leaves it out.</summary>
    public required DateTimeOffset? NextUpdate { get; init; }

    /// <summary>Serial numbers of revoked certificates, each an INTEGER in DER.</summary>
    public IReadOnlyList<byte[]> Revoked { get; init; } = [];

    /// <summary>Extensions of the list.</summary>
    public required IReadOnlyList<ExtensionRecipe> Extensions { get; init; }

    /// <summary>Signs the signed part.</summary>
    public required Func<byte[], byte[]> Sign { get; init; }

    /// <summary>Last change to the whole list.</summary>
    public Func<byte[], byte[]> AlterWhole { get; init; } = der => der;

    /// <summary>Sets or replaces the CRL number.</summary>
    /// <param name="number">The number.</param>
    /// <returns>A changed recipe.</returns>
    public RevocationListRecipe WithNumber(long number) =>
        this with { Extensions = [.. Extensions.Where(e => e.Oid != Oids.CrlNumber), new(Oids.CrlNumber, Der.Number(number))] };

    /// <summary>Makes the list.</summary>
    /// <returns>DER, or whatever the changes made of it.</returns>
    public byte[] Mint()
    {
        byte[] signedPart = Der.Sequence(
            Version,
            InnerAlgorithm,
            Issuer,
            Der.Time(ThisUpdate),
            NextUpdate is { } next ? Der.Time(next) : [],
            Revoked.Count == 0 ? [] : Der.Sequence([.. Revoked.Select(serial => Der.Sequence(serial, Der.Time(ThisUpdate)))]),
            Extensions.Count == 0 ? [] : Der.Context(0, Der.Sequence([.. Extensions.Select(e => e.Encode())])));
        return AlterWhole(Der.Sequence(signedPart, OuterAlgorithm ?? InnerAlgorithm, Der.BitString(Sign(signedPart))));
    }
}
