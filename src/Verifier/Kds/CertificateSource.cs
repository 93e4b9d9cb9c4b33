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
internal sealed class CertificateSource(KdsMaterials materials, TrustRoots roots, IOptions<KdsOptions> options, KdsMetrics metrics, TimeProvider clock) : ICertificateSource
{
    public async Task<Evidence> CompleteAsync(AttestationReport report, CertificateBundle presented, RevocationRule? revocation, Asker asker, CancellationToken cancellation)
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

        return product == ProductLine.Unknown ? evidence : await GatherAsync(evidence, product, missingLeaf, revocation, asker, cancellation);
    }

    private async Task<Evidence> GatherAsync(Evidence evidence, ProductLine product, KdsItem? missingLeaf, RevocationRule? revocation, Asker asker, CancellationToken cancellation)
    {
        // All are asked for at the same time; the wait is that for the slowest.
        KeyKind kind = evidence.Report.SigningKey;
        CertificateBundle presented = evidence.Certificates;
        Task<KdsOutcome>? leaf = missingLeaf is null ? null : materials.GetAsync(missingLeaf, asker, cancellation);
        Task<KdsOutcome>? chain = HasIssuers(presented, kind, product) ? null : materials.GetAsync(KdsItem.Chain(kind, product), asker, cancellation);
        bool isListNeeded = IsNeeded(revocation, presented, product);
        Task<KdsOutcome>? list = revocation is null ? null : materials.GetAsync(KdsItem.RevocationList(kind, product), isListNeeded ? asker : Briefly(asker), cancellation);

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

        return evidence with { Certificates = await ListAsync(list, isListNeeded, cancellation) is { } own ? whole.With(own.Bundle) : whole };
    }

    private KdsMaterial Needed(KdsOutcome outcome)
    {
        if (outcome is KdsOutcome.Found found)
        {
            return found.Material;
        }

        KdsOutcome.Unavailable unavailable = outcome as KdsOutcome.Unavailable ?? KdsReasons.IsBadAnswer();
        metrics.Refused(unavailable.Reason);
        throw unavailable.ToException();
    }

    // A list that is merely preferred never fails a call, and holds it up no longer than is allowed.
    private async Task<KdsMaterial?> ListAsync(Task<KdsOutcome> list, bool isNeeded, CancellationToken cancellation)
    {
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

    // Offline there is no other list than one that was presented; judging demands that it is signed by the root and current.
    private bool IsNeeded(RevocationRule? revocation, CertificateBundle presented, ProductLine product) =>
        revocation == RevocationRule.Required && !(options.Value.Mode == KdsMode.Offline && presented.RevocationLists.Any(l => l.Product == product));

    private Asker Briefly(Asker asker) => asker with
    {
        Patience = asker.Patience < options.Value.RevocationWait ? asker.Patience : options.Value.RevocationWait,
    };

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
