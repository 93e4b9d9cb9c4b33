using Microsoft.Extensions.Options;
using SevSnp.Certificates;
using SevSnp.Launch;
using SevSnp.Policies;
using SevSnp.Reports;
using SevSnp.Verification;

namespace Verifier.Service.Kds;

/// <summary>
/// Adds to the evidence what it lacks: the VCEK, the intermediate, the root, and always the service's own revocation list. What came
/// with the evidence is never replaced, so that judging sees and refuses what is wrong with it.
/// </summary>
internal sealed class CertificateSource(KdsMaterials materials, TrustRoots roots, IOptions<KdsOptions> options, TimeProvider clock) : ICertificateSource
{
    public async Task<Evidence> CompleteAsync(AttestationReport report, CertificateBundle presented, RevocationRule? revocation, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(presented);
        Evidence evidence = new(report, presented);
        if (presented.Faults.Count > 0 || report.SigningKey == KeyKind.None)
        {
            // Refused whatever else there is.
            return evidence;
        }

        AmdCertificate? leaf = presented.Find(report.SigningKey == KeyKind.Vlek ? CertificateRole.Vlek : CertificateRole.Vcek);
        ProductLine product = report.Cpu is null ? leaf?.Product ?? ProductLine.Unknown : report.CpuProduct;
        KdsItem? missingLeaf = null;
        if (leaf is null && MissingLeaf.ReasonNotToAsk(report, product, out missingLeaf) is { } reason)
        {
            return evidence with { MissingLeafReason = reason };
        }

        return product == ProductLine.Unknown ? evidence : await GatherAsync(evidence, product, missingLeaf, revocation, cancellation);
    }

    private async Task<Evidence> GatherAsync(Evidence evidence, ProductLine product, KdsItem? missingLeaf, RevocationRule? revocation, CancellationToken cancellation)
    {
        // All are asked for at the same time; the wait is that for the slowest.
        KeyKind kind = evidence.Report.SigningKey;
        CertificateBundle presented = evidence.Certificates;
        Task<KdsOutcome>? leaf = missingLeaf is null ? null : materials.GetAsync(missingLeaf, cancellation);
        Task<KdsOutcome>? chain = HasIssuers(presented, kind, product) ? null : materials.GetAsync(KdsItem.Chain(kind, product), cancellation);
        Task<KdsOutcome>? list = revocation is null ? null : materials.GetAsync(KdsItem.RevocationList(kind, product), cancellation);

        CertificateBundle whole = presented;
        if (leaf is not null)
        {
            if (await leaf is KdsOutcome.NoSuch)
            {
                return evidence with { MissingLeafReason = MissingLeaf.NotIssued };
            }

            whole = whole.With(Needed(await leaf).Bundle);
        }

        if (chain is not null)
        {
            whole = whole.With(Lacking(presented, Needed(await chain).Bundle));
        }

        if (list is null)
        {
            return evidence with { Certificates = whole };
        }

        return evidence with { Certificates = await ListAsync(list, presented, product, revocation, cancellation) is { } own ? whole.With(own.Bundle) : whole };
    }

    private static KdsMaterial Needed(KdsOutcome outcome) => outcome switch
    {
        KdsOutcome.Found found => found.Material,
        KdsOutcome.Unavailable unavailable => throw unavailable.ToException(),
        _ => throw KdsReasons.IsBadAnswer().ToException(),
    };

    // A list that is merely preferred never fails a call, and holds it up no longer than is allowed.
    private async Task<KdsMaterial?> ListAsync(Task<KdsOutcome> list, CertificateBundle presented, ProductLine product, RevocationRule? revocation, CancellationToken cancellation)
    {
        // Offline there is no other list than one that was presented; judging demands that it is signed by the root and current.
        bool isNeeded = revocation == RevocationRule.Required
            && !(options.Value.Mode == KdsMode.Offline && presented.RevocationLists.Any(l => l.Product == product));
        if (isNeeded)
        {
            return Needed(await list);
        }

        try
        {
            return await list.WaitAsync(options.Value.RevocationWait, cancellation) is KdsOutcome.Found found ? found.Material : null;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    // An intermediate of a configured extra root needs no root beside it.
    private bool HasIssuers(CertificateBundle presented, KeyKind kind, ProductLine product) =>
        presented.Find(kind == KeyKind.Vlek ? CertificateRole.Asvk : CertificateRole.Ask, product) is not null
        && (presented.Find(CertificateRole.Ark, product) is not null
            || (roots.HasUnsafeExtraRoots && AuthorityVerifier.VerifyIssuer(kind, product, presented, roots, clock.GetUtcNow()) is null));

    // Never a second certificate of a role that was presented: two would be ambiguous.
    private static CertificateBundle Lacking(CertificateBundle presented, CertificateBundle chain)
    {
        AmdCertificate[] lacking = [.. chain.Certificates.Where(c => presented.Find(c.Role, c.Product) is null)];
        return lacking.Length == chain.Certificates.Count ? chain : CertificateBundle.FromDer(lacking.Select(c => c.Der));
    }
}
