namespace Verifier.TestKit;

/// <summary>
/// Everything a certificate is made of, each part as its DER, so that <c>recipe with { ... }</c> changes any one thing and the rest
/// stays as AMD makes it. The profile sets all of it; a test names the one defect.
/// </summary>
public sealed record CertificateRecipe
{
    /// <summary>Version element, DER including its context tag; empty for version 1.</summary>
    public byte[] Version { get; init; } = Der.Context(0, Der.Number(2));

    /// <summary>Serial number, DER.</summary>
    public required byte[] Serial { get; init; }

    /// <summary>Algorithm inside the signed part, DER.</summary>
    public byte[] InnerAlgorithm { get; init; } = SignatureAlgorithm.Pss();

    /// <summary>Algorithm beside the signature, DER; null for the same as inside.</summary>
    public byte[]? OuterAlgorithm { get; init; }

    /// <summary>Issuer, DER.</summary>
    public required byte[] Issuer { get; init; }

    /// <summary>Start of validity.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>End of validity.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Subject, DER.</summary>
    public required byte[] Subject { get; init; }

    /// <summary>Subject public key info, DER.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>Extensions in order; none leaves the whole element out.</summary>
    public required IReadOnlyList<ExtensionRecipe> Extensions { get; init; }

    /// <summary>Signs the signed part.</summary>
    public required Func<byte[], byte[]> Sign { get; init; }

    /// <summary>Last change to the signed part, before it is signed.</summary>
    public Func<byte[], byte[]> AlterSignedPart { get; init; } = part => part;

    /// <summary>Last change to the signature.</summary>
    public Func<byte[], byte[]> AlterSignature { get; init; } = signature => signature;

    /// <summary>Last change to the whole certificate.</summary>
    public Func<byte[], byte[]> AlterWhole { get; init; } = der => der;

    /// <summary>Replaces the value of one extension, everything else kept.</summary>
    /// <param name="oid">The extension.</param>
    /// <param name="value">Its new value, the content of extnValue.</param>
    /// <returns>A changed recipe.</returns>
    public CertificateRecipe WithValue(string oid, params byte[] value) => Change(oid, e => [e with { Value = value }]);

    /// <summary>Leaves one extension out.</summary>
    /// <param name="oid">The extension.</param>
    /// <returns>A changed recipe.</returns>
    public CertificateRecipe Without(string oid) => Change(oid, _ => []);

    /// <summary>Puts one extension in twice.</summary>
    /// <param name="oid">The extension.</param>
    /// <returns>A changed recipe.</returns>
    public CertificateRecipe Twice(string oid) => Change(oid, e => [e, e]);

    /// <summary>Sets whether one extension is critical.</summary>
    /// <param name="oid">The extension.</param>
    /// <param name="critical">The new value.</param>
    /// <returns>A changed recipe.</returns>
    public CertificateRecipe WithCritical(string oid, bool critical) => Change(oid, e => [e with { Critical = critical }]);

    /// <summary>Adds an extension at the end.</summary>
    /// <param name="extension">The extension.</param>
    /// <returns>A changed recipe.</returns>
    public CertificateRecipe Plus(ExtensionRecipe extension) => this with { Extensions = [.. Extensions, extension] };

    /// <summary>Makes the certificate.</summary>
    /// <returns>DER, or whatever the changes made of it.</returns>
    public byte[] Mint()
    {
        byte[] signedPart = AlterSignedPart(Der.Sequence(
            Version,
            Serial,
            InnerAlgorithm,
            Issuer,
            Der.Sequence(Der.Time(NotBefore), Der.Time(NotAfter)),
            Subject,
            PublicKey,
            Extensions.Count == 0 ? [] : Der.Context(3, Der.Sequence([.. Extensions.Select(e => e.Encode())]))));
        byte[] signature = AlterSignature(Sign(signedPart));
        return AlterWhole(Der.Sequence(signedPart, OuterAlgorithm ?? InnerAlgorithm, Der.BitString(signature)));
    }

    private CertificateRecipe Change(string oid, Func<ExtensionRecipe, ExtensionRecipe[]> change)
    {
        if (Extensions.All(e => e.Oid != oid))
        {
            throw new ArgumentException($"The recipe has no extension {oid}.", nameof(oid));
        }

        return this with { Extensions = [.. Extensions.SelectMany(e => e.Oid == oid ? change(e) : [e])] };
    }
}

/// <summary>One extension.</summary>
/// <param name="Oid">Which.</param>
/// <param name="Value">The content of extnValue.</param>
/// <param name="Critical">Whether it is critical.</param>
public sealed record ExtensionRecipe(string Oid, byte[] Value, bool Critical = false)
{
    internal byte[] Encode() => Der.Sequence(Der.Oid(Oid), Critical ? Der.True() : [], Der.OctetString(Value));
}
