namespace Verifier.Architecture.Tests;

/// <summary>The direction of imports between the folders of the library.</summary>
public sealed class SevSnpImportTests
{
    private static readonly Lazy<IReadOnlyList<Use>> Uses = new(() => NameReader.Read("SevSnp", Repository.Sources("src/SevSnp")));

    [Fact]
    public void Library_ImportsDownwardOnly() => Expect.None(Rules.UpwardImports(Uses.Value));

    [Theory]
    [InlineData("Primitives", "namespace SevSnp.Primitives; class A { Reports.AttestationReport? R; }")]
    [InlineData("Checks", "using SevSnp.Launch; namespace SevSnp.Checks; class A { KeyKind K; }")]
    [InlineData("Reports", "using X = SevSnp.Certificates.AmdCertificate; namespace SevSnp.Reports; class A { X? C; }")]
    [InlineData("Certificates", "namespace SevSnp.Certificates; class A { object O => SevSnp.Policies.AppraisalPolicy.Default; }")]
    [InlineData("Policies/Deeper", "using static SevSnp.Judgement.Judge; namespace SevSnp.Policies; class A;")]
    public void UpwardImport_IsSeen(string folder, string text) => Assert.NotEmpty(Rules.UpwardImports(Sample.Library((folder, text))));

    [Theory]
    [InlineData("Judgement", "namespace SevSnp.Judgement; class A { Igvm.B? X; }")]
    [InlineData("Igvm", "namespace SevSnp.Igvm; class A { Judgement.B? X; }")]
    public void ImportAcrossLines_IsSeen(string folder, string text) => Assert.NotEmpty(Rules.UpwardImports(
        Sample.Library((folder, text), ("Igvm", "namespace SevSnp.Igvm; class B;"), ("Judgement", "namespace SevSnp.Judgement; class B;"))));

    [Fact]
    public void DownwardImport_IsAllowed() => Expect.None(Rules.UpwardImports(
        Sample.Library(("Verification", "using SevSnp.Reports; namespace SevSnp.Verification; class A { AttestationReport? R; }"))));

    [Fact]
    public void Folders_HaveTheirPlace() => Assert.Empty(Rules.UnknownFolders(Repository.Sources("src/SevSnp")));

    [Fact]
    public void FolderWithoutAPlace_IsSeen() => Assert.Equal(["Helpers"], Rules.UnknownFolders([new("src/SevSnp/Helpers/Text.cs", "")]));

    [Fact]
    public void Policies_SeeVerifiedReportsOnly() => Expect.None(Rules.RawReportsInPolicies(Uses.Value));

    [Theory]
    [InlineData("namespace SevSnp.Policies; class A { Reports.AttestationReport? R; }")]
    [InlineData("namespace SevSnp.Policies; class A { int L(SevSnp.Verification.VerifiedReport r) => r.Report.SignedBytes.Length; }")]
    public void RawReportInPolicies_IsSeen(string text) => Assert.NotEmpty(Rules.RawReportsInPolicies(Sample.Library(("Policies", text))));

    [Fact]
    public void FieldsOfAVerifiedReport_AreAllowedInPolicies() => Expect.None(Rules.RawReportsInPolicies(
        Sample.Library(("Policies", "namespace SevSnp.Policies; class A { uint V(SevSnp.Verification.VerifiedReport r) { var x = r.Report; return x.Vmpl; } }"))));
}
