using System.Text.Json.Nodes;
using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Tests.Igvm;

namespace SevSnp.Tests.Measurement;

/// <summary>The launch digests of the vectors: those that real tools agree on, and those of the profiles.</summary>
public sealed class IgvmMeasurerVectorTests
{
    private static readonly IgvmLaunch Spec = new();
    private static readonly IgvmLaunch QemuKvm = new() { Profile = LaunchProfile.QemuKvm };
    private static readonly IgvmLaunch Tool = new() { LikeIgvmmeasure = true };

    [Theory]
    [MemberData(nameof(IgvmVectors.GoodNames), MemberType = typeof(IgvmVectors))]
    public void T88_Vector_HasTheDigestOfItsProfile(string file)
    {
        IgvmVectors.SkipUnlessPresent();
        JsonNode vector = IgvmVectors.Good(file);
        IgvmFile read = Read(file);
        if (vector["models"] is not { } models)
        {
            Assert.False(IgvmMeasurer.TryMeasure(read, Spec, out _, out IgvmMeasureFault fault));
            Assert.Equal(IgvmMeasureFaultId.PlatformAbsent, fault.Id);
            return;
        }

        string spec = vector["ground_truth_snp"]?.GetValue<string>() ?? models["spec"]!.GetValue<string>();
        Assert.Equal(models["spec"]!.GetValue<string>(), spec);
        Assert.Equal(spec, Digest(read, Spec));
        Assert.Equal(spec, Digest(read, Spec with { Profile = LaunchProfile.HyperV }));
        Assert.Equal(models["qemu_kvm"]!.GetValue<string>(), Digest(read, QemuKvm));
    }

    [Theory]
    [MemberData(nameof(IgvmVectors.GoodNames), MemberType = typeof(IgvmVectors))]
    public void T88_LikeIgvmmeasure_GivesTheDigestThatItPrinted(string file)
    {
        IgvmVectors.SkipUnlessPresent();
        IgvmFile read = Read(file);
        foreach (JsonNode? result in IgvmVectors.Good(file)["results"]!.AsArray())
        {
            if (result!["tool"]!.GetValue<string>() != "igvmmeasure" || result["platform"]!.GetValue<string>() != "sev-snp" || result["digest"] is not { } digest)
            {
                continue;
            }

            bool native = result["options"]!.AsArray().Any(o => o!.GetValue<string>() == "--native-zero");
            Assert.Equal(digest.GetValue<string>(), Digest(read, Tool with { ZeroPages = native ? ZeroPages.Native : null }));
        }
    }

    [Fact]
    public void Igvmmeasure_HasPrintedManyDigests()
    {
        IgvmVectors.SkipUnlessPresent();
        Assert.True(IgvmVectors.GoodNames().Sum(n => IgvmVectors.Good(n.Data)["results"]!.AsArray().Count(r => r!["digest"] is not null)) > 100);
    }

    [Theory]
    [MemberData(nameof(IgvmVectors.GoodNames), MemberType = typeof(IgvmVectors))]
    public void CheckKvm_IsReportedAsNotes(string file)
    {
        IgvmVectors.SkipUnlessPresent();
        JsonNode? check = IgvmVectors.Good(file)["results"]!.AsArray().FirstOrDefault(r => r!["options"]!.AsArray().Any(o => o!.GetValue<string>() == "--check-kvm"));
        string? error = check?["digest"] is null ? check?["error"]?.GetValue<string>() : null;
        IgvmLaunchNote? expected = error switch
        {
            null => null,
            _ when error.Contains("More than one VMSA", StringComparison.Ordinal) => IgvmLaunchNote.SeveralVmsas,
            _ when error.Contains("The GPA for the VMSA", StringComparison.Ordinal) => IgvmLaunchNote.VmsaAddressIsNotKvms,
            _ when error.Contains("CR0 in the VMSA", StringComparison.Ordinal) => IgvmLaunchNote.VmsaCr0IsNotKvms,
            _ => null,
        };

        // That tool takes the save area of SEV-ES for a second one of SEV-SNP.
        if (expected is { } note && file != "snp-seves-sev-native-v2.igvm")
        {
            Assert.True(IgvmMeasurer.TryMeasure(Read(file), QemuKvm, out IgvmMeasurement? measured, out _));
            Assert.Contains(note, measured.Notes);
        }
        else if (check?["digest"] is not null)
        {
            Assert.True(IgvmMeasurer.TryMeasure(Read(file), QemuKvm, out IgvmMeasurement? measured, out _));
            Assert.DoesNotContain(measured.Notes, n => n != IgvmLaunchNote.LargePages);
        }
    }

    [Fact]
    public void Vanadium_MeasuresZeroPagesByTheirType()
    {
        IgvmVectors.SkipUnlessPresent();
        JsonNode native = IgvmVectors.Good("svsm-vanadium.igvm")["results"]!.AsArray().Single(r => r!["options"]!.AsArray() is [{ } o] && o.GetValue<string>() == "--native-zero")!;
        Assert.Equal(native["digest"]!.GetValue<string>(), Digest(Read("svsm-vanadium.igvm"), Spec with { Profile = LaunchProfile.Vanadium }));
    }

    [Fact]
    public void LargePageWithContent_HasNoDigestLikeIgvmmeasure()
    {
        IgvmVectors.SkipUnlessPresent();
        Assert.False(IgvmMeasurer.TryMeasure(Read("flag-2mb-data.igvm"), Tool, out _, out IgvmMeasureFault fault));
        Assert.Equal(IgvmMeasureFaultId.LargePageWithoutDigest, fault.Id);
    }

    private static IgvmFile Read(string file)
    {
        Assert.True(IgvmReader.TryRead(IgvmVectors.Bytes(file), IgvmReadOptions.Default, out IgvmFile? read, out IgvmFault fault), fault.ToString());
        return read;
    }

    private static string Digest(IgvmFile file, IgvmLaunch launch)
    {
        Assert.True(IgvmMeasurer.TryMeasure(file, launch, out IgvmMeasurement? measured, out IgvmMeasureFault fault), fault.ToString());
        return measured.Digest.ToString();
    }
}
