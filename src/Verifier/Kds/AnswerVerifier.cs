using System.Text;
using SevSnp.Certificates;
using SevSnp.Checks;
using SevSnp.Launch;

namespace Verifier.Service.Kds;

/// <summary>
/// Makes verified material of bytes, whether they came from the network or from a shared cache: right form, the answer to this
/// question, and signed up to a pinned root. Judging verifies all of it again.
/// </summary>
internal sealed class AnswerVerifier(TrustRoots roots)
{
    /// <param name="item">The question.</param>
    /// <param name="raw">The answer.</param>
    /// <param name="chain">The verified chain of the item's issuer; null when the item is a chain.</param>
    /// <param name="fetchedAt">When the answer was given.</param>
    /// <param name="at">Now.</param>
    /// <param name="material">The verified material, or null.</param>
    /// <returns>Why the answer is not used, or null.</returns>
    public AnswerFault? Verify(KdsItem item, ReadOnlyMemory<byte> raw, KdsMaterial? chain, DateTimeOffset fetchedAt, DateTimeOffset at, out KdsMaterial? material)
    {
        material = null;
        if (raw.Length > item.MaxSize)
        {
            return new AnswerFault(IsMismatch: false, "larger than is allowed");
        }

        AnswerFault? fault = Read(item, raw, out CertificateBundle? bundle, out DateTimeOffset notAfter) ?? Prove(item, bundle!, chain, at);
        if (fault is null)
        {
            material = new KdsMaterial(item, raw, bundle!, fetchedAt, notAfter);
        }

        return fault;
    }

    // The right form, and the answer to this question.
    private static AnswerFault? Read(KdsItem item, ReadOnlyMemory<byte> raw, out CertificateBundle? bundle, out DateTimeOffset notAfter) => item.Kind switch
    {
        KdsItemKind.Vcek => ReadLeaf(item, raw, out bundle, out notAfter),
        KdsItemKind.Chain => ReadChain(item, raw, out bundle, out notAfter),
        _ => ReadList(item, raw, out bundle, out notAfter),
    };

    private static AnswerFault? ReadLeaf(KdsItem item, ReadOnlyMemory<byte> raw, out CertificateBundle? bundle, out DateTimeOffset notAfter)
    {
        (bundle, notAfter) = (null, default);
        if (!AmdCertificate.TryParse(raw.Span, out AmdCertificate? certificate, out EvidenceFault fault))
        {
            return new AnswerFault(IsMismatch: false, fault.ToString());
        }

        if (certificate.Role != CertificateRole.Vcek || certificate.Leaf is not { HardwareId: { } hardwareId } leaf)
        {
            return new AnswerFault(IsMismatch: true, $"not a VCEK but {certificate.Role}");
        }

        if (leaf.Product != item.Product || leaf.Tcb != item.Tcb || !hardwareId.Span.SequenceEqual(item.ChipId!.Span[..hardwareId.Length]))
        {
            return new AnswerFault(IsMismatch: true, $"a VCEK of {leaf.Product}, TCB {leaf.Tcb}, or of another chip");
        }

        (bundle, notAfter) = (CertificateBundle.FromDer([raw]), certificate.NotAfter);
        return null;
    }

    private static AnswerFault? ReadChain(KdsItem item, ReadOnlyMemory<byte> raw, out CertificateBundle? bundle, out DateTimeOffset notAfter)
    {
        notAfter = default;
        bundle = CertificateBundle.FromPem(Encoding.Latin1.GetString(raw.Span));
        if (bundle.Faults is [EvidenceFault fault, ..])
        {
            return new AnswerFault(IsMismatch: false, fault.ToString());
        }

        if (bundle is not { Certificates.Count: 2, RevocationLists.Count: 0 })
        {
            return new AnswerFault(IsMismatch: false, "must be two certificates");
        }

        CertificateRole role = item.Key == KeyKind.Vlek ? CertificateRole.Asvk : CertificateRole.Ask;
        if (bundle.Find(role, item.Product) is null || bundle.Find(CertificateRole.Ark, item.Product) is null)
        {
            return new AnswerFault(IsMismatch: true, $"must be the {role} and the Ark of {item.Product}");
        }

        notAfter = bundle.Certificates.Min(c => c.NotAfter);
        return null;
    }

    private static AnswerFault? ReadList(KdsItem item, ReadOnlyMemory<byte> raw, out CertificateBundle? bundle, out DateTimeOffset notAfter)
    {
        (bundle, notAfter) = (null, default);
        if (!RevocationList.TryParse(raw.Span, out RevocationList? list, out EvidenceFault fault))
        {
            return new AnswerFault(IsMismatch: false, fault.ToString());
        }

        if (list.Product != item.Product)
        {
            return new AnswerFault(IsMismatch: true, $"a revocation list of {list.Product}");
        }

        (bundle, notAfter) = (CertificateBundle.Empty.WithRevocationLists([raw]), list.NextUpdate);
        return null;
    }

    // Signed up to a pinned root, at this time.
    private AnswerFault? Prove(KdsItem item, CertificateBundle bundle, KdsMaterial? chain, DateTimeOffset at)
    {
        CertificateBundle whole = chain is null ? bundle : bundle.With(chain.Bundle);
        EvidenceFault? fault = item.Kind switch
        {
            KdsItemKind.Vcek => ProveLeaf(item, whole, at),
            KdsItemKind.Chain => AuthorityVerifier.VerifyIssuer(item.Key, item.Product, whole, roots, at),
            _ => AuthorityVerifier.VerifyRevocationList(bundle.RevocationLists[0], whole, roots, at),
        };
        return fault is { } found ? new AnswerFault(IsMismatch: true, found.ToString()) : null;
    }

    private EvidenceFault? ProveLeaf(KdsItem item, CertificateBundle whole, DateTimeOffset at)
    {
        List<CheckResult> checks = [];
        return ChainVerifier.TryVerify(item.Key, item.Product, whole, roots, at, checks, out _)
            ? null
            : checks.Where(c => c.Status == CheckStatus.Failed).Select(c => new EvidenceFault(c.Id, "VCEK", -1, $"{c.Expected}; is {c.Actual}")).First();
    }
}
