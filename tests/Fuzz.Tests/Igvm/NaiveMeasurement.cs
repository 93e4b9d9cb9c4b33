using SevSnp.Igvm;
using SevSnp.Launch;
using SevSnp.Measurement;
using SevSnp.Primitives;

namespace Verifier.Fuzz.Tests.Igvm;

/// <summary>The digest of a launch computed in the plainest way: in order, page by page, each hashed anew.</summary>
internal static class NaiveMeasurement
{
    public static Digest384 Of(IgvmFile file, LaunchProfile profile)
    {
        bool kvm = profile is LaunchProfile.QemuKvm or LaunchProfile.Vanadium;
        uint mask = file.Platform(IgvmPlatformType.SevSnp)!.Value.CompatibilityMask;
        LaunchDigest digest = new();
        Dictionary<uint, ulong> areas = [];
        List<VpContextHeader> later = [];
        foreach (IgvmHeader header in file.Headers.Where(h => !h.IsOptional))
        {
            ReadOnlySpan<byte> body = file.Body(header);
            if (header.Type == IgvmHeaderType.PageData && PageDataHeader.Read(body) is var page
                && (page.CompatibilityMask & mask) != 0 && (!page.IsShared || profile == LaunchProfile.QemuKvm))
            {
                AddPage(file, page, profile, digest);
            }
            else if (header.Type == IgvmHeaderType.ParameterArea && ParameterAreaHeader.Read(body) is var area)
            {
                areas.Add(area.AreaIndex, area.NumberOfBytes);
            }
            else if (header.Type == IgvmHeaderType.ParameterInsert && ParameterInsertHeader.Read(body) is var insert && (insert.CompatibilityMask & mask) != 0)
            {
                for (ulong at = 0; at < areas[insert.AreaIndex]; at += 4096)
                {
                    digest.Add(PageType.Unmeasured, insert.Gpa + at);
                }
            }
            else if (header.Type == IgvmHeaderType.VpContext && VpContextHeader.Read(body) is var context && context.CompatibilityMask == mask)
            {
                later.Add(context);
            }

            if (!kvm)
            {
                AddVmsas(file, later, digest);
            }
        }

        AddVmsas(file, later, digest);
        return digest.Value;
    }

    private static void AddPage(IgvmFile file, PageDataHeader page, LaunchProfile profile, LaunchDigest digest)
    {
        for (int i = 0; i < page.PageCount; i++)
        {
            ulong gpa = page.Gpa + ((ulong)i * 4096);
            switch (page.DataType)
            {
                case IgvmPageDataType.Secrets:
                    digest.Add(PageType.Secrets, gpa);
                    break;
                case IgvmPageDataType.CpuidData or IgvmPageDataType.CpuidXf:
                    digest.Add(PageType.Cpuid, gpa);
                    break;
                default:
                    if (page.IsUnmeasured)
                    {
                        digest.Add(PageType.Unmeasured, gpa);
                    }
                    else if (page.FileOffset != 0)
                    {
                        digest.AddPage(PageType.Normal, gpa, file.Bytes.Slice(page.FileOffset + (i * 4096L), 4096));
                    }
                    else if (profile == LaunchProfile.Vanadium)
                    {
                        digest.Add(PageType.Zero, gpa);
                    }
                    else
                    {
                        digest.AddPage(PageType.Normal, gpa, default);
                    }

                    break;
            }
        }
    }

    private static void AddVmsas(IgvmFile file, List<VpContextHeader> contexts, LaunchDigest digest)
    {
        foreach (VpContextHeader context in contexts)
        {
            digest.AddPage(PageType.Vmsa, context.Gpa, file.Bytes.Slice(context.FileOffset, 4096));
        }

        contexts.Clear();
    }
}
