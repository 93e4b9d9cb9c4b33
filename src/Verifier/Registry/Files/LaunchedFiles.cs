using SevSnp.IdBlocks;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;

namespace Verifier.Service.Registry.Files;

/// <summary>Finds what a file says of itself: guest policy, ID block, warnings of the reader and of the measurer.</summary>
internal static class LaunchedFiles
{
    private const int MostFindings = 64;
    private const int MostOfTheReader = 32;

    public static LaunchedFile Of(IgvmFile file, IReadOnlyList<IgvmMeasurement> measured)
    {
        ulong? policy = file.Platform(IgvmPlatformType.SevSnp) is { } platform && IgvmSummary.Of(file, platform).Policies is [var first, ..] ? first : null;
        IEnumerable<FileFinding> findings =
        [
            .. IdBlock(file, measured),
            .. policy is { } raw && new GuestPolicy(raw).Has(GuestPolicyBits.Debug)
                ? [new FileFinding("GUEST_POLICY_ALLOWS_DEBUG", "the file asks for a guest that the host may debug")]
                : Array.Empty<FileFinding>(),
            .. measured.SelectMany(m => m.Notes.Select(n => Note(m.Launch, n))),
            .. file.Warnings.Take(MostOfTheReader).Select(w => new FileFinding(w.Id.WireName(), $"{w.Field} at offset 0x{w.Offset:X}: {w.Rule}")),
        ];
        return new LaunchedFile(policy, [.. findings.Take(MostFindings)]);
    }

    // The measurement in an ID block is compared by the firmware at launch: one that differs stops the guest before it runs.
    private static FileFinding[] IdBlock(IgvmFile file, IReadOnlyList<IgvmMeasurement> measured)
    {
        bool isGood = IgvmIdBlock.TryFind(file, out IgvmIdBlock? found, out IdBlockFault fault);
        if (isGood && found is null)
        {
            return [];
        }

        if (found is not { Auth: { } auth })
        {
            return [Bad((found is null ? fault : found.AuthFault).ToString())];
        }

        if (auth.Verify(found.Block) is not IdAuthOutcome.Valid)
        {
            return [Bad("its signatures do not verify")];
        }

        IgvmMeasurement? match = measured.FirstOrDefault(m => m.Digest == found.Block.Measurement);
        return match is not null
            ? [new FileFinding("ID_BLOCK_MATCHES", $"the file's ID block is made for the launch {match.Launch.Name}; ID key {auth.IdKey.Digest}")]
            : [new FileFinding("ID_BLOCK_MEASUREMENT_DIFFERS", "the file's ID block is made for none of the registered launches: the firmware will refuse them with it")];
    }

    private static FileFinding Bad(string why) => new("ID_BLOCK_IS_BAD", $"the firmware will refuse the file's ID block: {why}");

    private static FileFinding Note(IgvmLaunch launch, IgvmLaunchNote note) => note switch
    {
        IgvmLaunchNote.VmsaAddressIsNotKvms => new("VMSA_ADDRESS_IS_NOT_KVMS", $"{launch.Name}: KVM takes save areas at another address only"),
        IgvmLaunchNote.SeveralVmsas => new("SEVERAL_VMSAS", $"{launch.Name}: QEMU takes the state of one virtual processor only"),
        IgvmLaunchNote.VmsaCr0IsNotKvms => new("VMSA_CR0_IS_NOT_KVMS", $"{launch.Name}: KVM sets another CR0, and the digest will differ"),
        _ => new("LARGE_PAGES", $"{launch.Name}: pages of 2 MiB are measured as small ones, which no hardware has confirmed"),
    };
}
