namespace Verifier.Architecture.Tests;

/// <summary>Sizes of files.</summary>
public sealed class SourceFileTests
{
    private const int ProductionLimit = 400;
    private const int TestLimit = 600;
    private const int ProgramLimit = 40;

    [Fact]
    public void ProductionFiles_AreShort() => Expect.None(Longer(Repository.Sources("src"), ProductionLimit));

    [Fact]
    public void TestFiles_AreShort() => Expect.None(Longer(Repository.Sources("tests"), TestLimit));

    [Fact]
    public void ProgramOfTheService_IsATableOfContents() =>
        Assert.InRange(Repository.Sources("src/Verifier").Single(f => f.Path == "src/Verifier/Program.cs").Lines, 1, ProgramLimit - 1);

    [Fact]
    public void LongFile_IsSeen()
    {
        Assert.Empty(Longer([Sample(ProductionLimit)], ProductionLimit));
        Assert.Equal([$"src/SevSnp/Sample.cs has {ProductionLimit + 1} lines"], Longer([Sample(ProductionLimit + 1)], ProductionLimit));
    }

    [Fact]
    public void Sources_AreFound() => Assert.Contains(Repository.Sources("src"), f => f.Path == "src/SevSnp/Primitives/WireReader.cs" && f.Folder == "Primitives");

    private static IEnumerable<string> Longer(IEnumerable<SourceFile> files, int limit) =>
        files.Where(f => f.Lines > limit).Select(f => $"{f.Path} has {f.Lines} lines");

    private static SourceFile Sample(int lines) => new("src/SevSnp/Sample.cs", string.Concat(Enumerable.Repeat("//\n", lines)));
}
