using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using SevSnp.Certificates;
using SevSnp.Launch;
using Verifier.Service.Hosting;

namespace Verifier.Service.Kds;

/// <summary>
/// What <c>Kds:BundleFile</c> holds, verified like any answer. Never evicted. A bad entry stops the start, and leaves the old content in
/// use when the file changes later; one that is merely over is left out, loudly: an expired list never counts.
/// </summary>
internal sealed class PreloadedMaterials(
    AnswerVerifier verifier, VerifiedAnswers answers, TrustRoots roots, IOptions<KdsOptions> options, KdsMetrics metrics, ILogger<PreloadedMaterials> logger, TimeProvider clock)
    : BackgroundService
{
    private volatile FrozenDictionary<KdsItem, KdsMaterial> _content = FrozenDictionary<KdsItem, KdsMaterial>.Empty;
    private string? _seen;

    public KdsMaterial? Find(KdsItem item) =>
        _content.TryGetValue(item, out KdsMaterial? material) && clock.GetUtcNow() < material.NotAfter && answers.RolledBack(material) is null ? material : null;

    /// <summary>Reads the file for the first time.</summary>
    /// <exception cref="ConfigurationFaultException">It cannot be read, or an entry does not hold.</exception>
    public void Load()
    {
        if (options.Value.BundleFile is not null && Read() is { } fault)
        {
            throw new ConfigurationFaultException([$"Kds:BundleFile: {fault}"]);
        }
    }

    /// <summary>Looks at the file once; a bad new one leaves the old content in use.</summary>
    public void Check()
    {
        if (Read() is { } fault)
        {
            logger.BundleRefused(fault);
        }
    }

    // Polled, not watched: files mounted by an orchestrator change by a swapped link, which watchers miss.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.BundleFile is null)
        {
            return;
        }

        using PeriodicTimer timer = new(options.Value.BundleReloadInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Check();
        }
    }

    private string? Read()
    {
        if (!TryReadFile(out byte[] bytes, out string fault))
        {
            return Once(fault, fault);
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (hash == _seen)
        {
            return null;
        }

        if (!KdsBundle.TryParse(bytes, out KdsBundle? bundle, out SevSnp.Checks.EvidenceFault broken))
        {
            return Once(hash, broken.ToString());
        }

        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<KdsBundleFinding> findings = bundle.Verify(roots, now);
        if (findings.FirstOrDefault(f => !f.IsExpired) is { } bad)
        {
            return Once(hash, $"{bad.Entry}: {bad.Fault}");
        }

        foreach (KdsBundleFinding over in findings)
        {
            logger.BundleEntryExpired(over.Entry);
        }

        _content = Materials(bundle, now).ToFrozenDictionary(m => m.Item);
        _seen = hash;
        foreach (KdsMaterial material in _content.Values)
        {
            answers.Seen(material);
            metrics.Preloaded(material.Item.Label);
        }

        logger.BundleLoaded(_content.Count, hash);
        return null;
    }

    // The same fault of the same content is told once.
    private string? Once(string what, string fault)
    {
        bool isKnown = _seen == what;
        _seen = what;
        return isKnown ? null : fault;
    }

    private bool TryReadFile(out byte[] bytes, out string fault)
    {
        (bytes, fault) = ([], "");
        try
        {
            using FileStream file = File.OpenRead(options.Value.BundleFile!);
            if (file.Length > KdsBundle.MaxSize)
            {
                fault = $"has more than {KdsBundle.MaxSize} bytes";
                return false;
            }

            bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            fault = $"cannot be read ({e.GetType().Name})";
            return false;
        }
    }

    private IEnumerable<KdsMaterial> Materials(KdsBundle bundle, DateTimeOffset now)
    {
        foreach (ProductLine product in ProductLines.All)
        {
            foreach (KeyKind kind in new[] { KeyKind.Vcek, KeyKind.Vlek })
            {
                if (Material(KdsItem.Chain(kind, product), ChainPem(bundle.Chain(kind, product)), null, now) is not { } chain)
                {
                    continue;
                }

                yield return chain;
                foreach (KdsMaterial below in Below(bundle, kind, product, chain, now))
                {
                    yield return below;
                }
            }
        }
    }

    private IEnumerable<KdsMaterial> Below(KdsBundle bundle, KeyKind kind, ProductLine product, KdsMaterial chain, DateTimeOffset now)
    {
        foreach (RevocationList list in bundle.RevocationLists.Where(l => l.Product == product))
        {
            if (Material(KdsItem.RevocationList(kind, product), list.Der, chain, now, list.ThisUpdate) is { } material)
            {
                yield return material;
            }
        }

        foreach (AmdCertificate leaf in kind == KeyKind.Vcek ? bundle.Certificates.Where(c => c.Product == product) : [])
        {
            if (KdsBundle.ChipOf(leaf) is { } chip && Material(KdsItem.Vcek(product, chip.ChipId, chip.Tcb), leaf.Der, chain, now) is { } material)
            {
                yield return material;
            }
        }
    }

    // A list counts as fetched when it was issued, so that it is asked for again where that is possible.
    private KdsMaterial? Material(KdsItem item, ReadOnlyMemory<byte> raw, KdsMaterial? chain, DateTimeOffset now, DateTimeOffset? issued = null) =>
        raw.Length > 0 && verifier.Verify(item, raw, chain, issued ?? now, now, out KdsMaterial? material) is null ? material : null;

    private static ReadOnlyMemory<byte> ChainPem(CertificateBundle chain) =>
        chain.Certificates.Count == 2
            ? Encoding.ASCII.GetBytes(string.Concat(chain.Certificates.Select(c => PemEncoding.WriteString("CERTIFICATE", c.Der.Span) + "\n")))
            : ReadOnlyMemory<byte>.Empty;
}
