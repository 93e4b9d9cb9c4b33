using SevSnp.Igvm;

namespace SevSnp.Tests.Igvm;

/// <summary>The reader on the vectors: what is refused, for which fault, and what is only warned about.</summary>
public sealed class IgvmVectorTests
{
    private static readonly IgvmReadOptions Lenient = IgvmReadOptions.Default;
    private static readonly IgvmReadOptions AlmostStrict = new() { Strictness = IgvmStrictness.StrictButPadding };
    private static readonly IgvmReadOptions Strict = new() { Strictness = IgvmStrictness.Strict };

    [Theory]
    [MemberData(nameof(IgvmVectors.MalformedNames), MemberType = typeof(IgvmVectors))]
    public void MalformedVector_HasItsFault(string file)
    {
        IgvmVectors.SkipUnlessPresent();
        byte[] bytes = IgvmVectors.Bytes(file);
        bool byReference = IgvmVectors.Malformed(file)["enforced_by"]!.GetValue<string>() == "reference";
        IgvmFaultId expected = MalformedFaults.Expected[Path.GetFileNameWithoutExtension(file)];
        bool accepted = IgvmReader.TryRead(bytes, Lenient, out IgvmFile? lenient, out IgvmFault refusal);
        if (accepted)
        {
            Assert.False(byReference, $"{file} must be refused");
            Assert.Contains(lenient!.Warnings, w => w.Id == expected);
        }
        else
        {
            Assert.Equal(expected, refusal.Id);
            // Of what the reference accepts, only what would exhaust us is refused unasked.
            Assert.True(byReference || refusal.Severity == IgvmSeverity.Limit, refusal.ToString());
        }

        Assert.InRange(refusal.Offset, 0, Math.Max(0, bytes.Length - 1));
        Assert.False(IgvmReader.TryRead(bytes, Strict, out _, out IgvmFault strict));
        Assert.Equal(expected, strict.Id);
        Assert.Equal(expected != IgvmFaultId.PaddingNotZero, !IgvmReader.TryRead(bytes, AlmostStrict, out _, out _));
    }

    [Fact]
    public void EveryMalformedVector_IsInTheTable()
    {
        IgvmVectors.SkipUnlessPresent();
        string[] files = [.. IgvmVectors.MalformedNames().Select(n => Path.GetFileNameWithoutExtension(n.Data))];
        Assert.Equal(files.Order(), MalformedFaults.Expected.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(IgvmVectors.GoodNames), MemberType = typeof(IgvmVectors))]
    public void GoodVector_IsReadAsDescribed(string file)
    {
        IgvmVectors.SkipUnlessPresent();
        var vector = IgvmVectors.Good(file);
        Assert.True(IgvmReader.TryRead(IgvmVectors.Bytes(file), Lenient, out IgvmFile? read, out IgvmFault fault), fault.ToString());
        Assert.Equal(vector["size"]!.GetValue<long>(), read.Length);
        Assert.Equal(vector["format_version"]!.GetValue<int>(), read.FormatVersion);
        Assert.Equal(
            vector["platforms"]!.AsArray().Select(p => (p!["type"]!.GetValue<string>(), p["compatibility_mask"]!.GetValue<uint>(), p["highest_vtl"]!.GetValue<int>(), p["shared_gpa_boundary"]!.GetValue<ulong>())),
            read.Platforms.Select(p => (p.Type.WireName(), p.CompatibilityMask, (int)p.HighestVtl, p.SharedGpaBoundary)));
        Assert.Equal(read.HeaderCount, read.Headers.Count());
    }

    [Theory]
    [MemberData(nameof(IgvmVectors.GoodNames), MemberType = typeof(IgvmVectors))]
    public void GoodVector_IsWarnedAboutOnlyWhereKnown(string file)
    {
        IgvmVectors.SkipUnlessPresent();
        Assert.True(IgvmReader.TryRead(IgvmVectors.Bytes(file), Lenient, out IgvmFile? read, out IgvmFault fault), fault.ToString());
        IgvmFaultId[] expected = file switch
        {
            "same-gpa-twice.igvm" => [IgvmFaultId.PagesOverlap],
            _ when file.StartsWith("tooling_", StringComparison.Ordinal) => [IgvmFaultId.PaddingNotZero],
            _ => [],
        };
        Assert.Equal(expected, read.Warnings.Select(w => w.Id).Distinct());
        Assert.Equal(expected.Length == 0, IgvmReader.TryRead(IgvmVectors.Bytes(file), Strict, out _, out _));
    }
}
