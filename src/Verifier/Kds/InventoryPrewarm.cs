using System.Text;
using Microsoft.Extensions.Options;
using SevSnp.Certificates;
using SevSnp.Launch;
using Verifier.Service.Hosting;

namespace Verifier.Service.Kds;

/// <summary>
/// Fetches the VCEKs of <c>Kds:InventoryFile</c> while nobody waits: one at a time, at the allowed rate, after whoever is waited for at
/// any instance. Instances begin at different places, and find in the shared cache what another has fetched.
/// </summary>
internal sealed class InventoryPrewarm(KdsMaterials materials, IOptions<KdsOptions> options, KdsMetrics metrics, ILogger<InventoryPrewarm> logger) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private IReadOnlyList<InventoryChip> _chips = [];

    /// <summary>Reads the file.</summary>
    /// <exception cref="ConfigurationFaultException">It cannot be read, or a line is wrong.</exception>
    public void Load()
    {
        if (options.Value.InventoryFile is not { } file)
        {
            return;
        }

        try
        {
            if (new FileInfo(file).Length > ChipInventory.MaxSize)
            {
                throw new ConfigurationFaultException([$"Kds:InventoryFile: has more than {ChipInventory.MaxSize} bytes"]);
            }

            _chips = ChipInventory.Parse(File.ReadAllText(file, Encoding.UTF8), out IReadOnlyList<string> faults);
            if (faults.Count > 0)
            {
                throw new ConfigurationFaultException([.. faults.Select(f => $"Kds:InventoryFile: {f}")]);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ConfigurationFaultException([$"Kds:InventoryFile: cannot be read ({e.GetType().Name})"]);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (_chips.Count == 0)
        {
            return;
        }

        foreach (ProductLine product in _chips.Select(c => c.Product).Distinct())
        {
            _ = await materials.GetAsync(KdsItem.RevocationList(KeyKind.Vcek, product), Asker.Itself, stoppingToken, KdsUrgency.Prewarm);
        }

        Queue<InventoryChip> left = new(_chips);
        for (int skipped = Random.Shared.Next(_chips.Count); skipped > 0; skipped--)
        {
            left.Enqueue(left.Dequeue());
        }

        for (int failures = 0; left.TryDequeue(out InventoryChip? chip);)
        {
            KdsOutcome outcome = await materials.GetAsync(KdsItem.Vcek(chip.Product, chip.ChipId, chip.Tcb), Asker.Itself, stoppingToken, KdsUrgency.Prewarm);
            metrics.Prewarmed(outcome switch
            {
                KdsOutcome.Found => "at_hand",
                KdsOutcome.NoSuch => "no_such",
                _ => "later",
            });
            if (outcome is KdsOutcome.NoSuch)
            {
                logger.NotInInventory(chip.ToLine());
            }
            else if (outcome is KdsOutcome.Unavailable { RetryAfter: null })
            {
                // Offline: nothing will ever be fetched.
                return;
            }
            else if (outcome is KdsOutcome.Unavailable)
            {
                left.Enqueue(chip);
                failures = Math.Min(failures + 1, 10);
                await Task.Delay(Again * failures, TimeProvider.System, stoppingToken);
                continue;
            }

            failures = 0;
        }

        logger.Prewarmed(_chips.Count);
    }
}
