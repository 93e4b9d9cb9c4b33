using System.Diagnostics;

namespace Verifier.Architecture.Tests;

/// <summary>release.sh makes a release of a clean, tested and described commit, or none.</summary>
public sealed class ReleaseScriptTests : IDisposable
{
    private readonly ReleaseScript _script;

    public ReleaseScriptTests()
    {
        Assert.SkipUnless(HasGit(), "SKIPPED, NOT PASSED: release.sh needs bash and git.");
        _script = new ReleaseScript();
    }

    [Fact]
    public void Release_IsMadeWithNotesAndChecksums()
    {
        (int code, string output) = _script.Run("build", "1.2.0");

        Assert.True(code == 0, output);
        Assert.Contains("tested", output, StringComparison.Ordinal);
        Assert.Equal(
            ["SHA256SUMS", "SevSnp.1.2.0.nupkg", "release-notes.md", "verifier-1.2.0.tgz", "verifierctl-linux-x64"],
            Directory.GetFiles(_script.Artifacts).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        string notes = _script.Read("artifacts/release-notes.md");
        Assert.StartsWith($"# 1.2.0\n\nCommit {_script.Git("rev-parse", "HEAD").Trim()}.\n\n### Added\n\n- A thing.\n\n## Files\n", notes, StringComparison.Ordinal);
        Assert.DoesNotContain("old thing", notes, StringComparison.Ordinal);
        Assert.DoesNotContain("Later", notes, StringComparison.Ordinal);
        (int compared, string sums) = _script.CompareSums();
        Assert.True(compared == 0, sums);
        Assert.Equal(4, sums.Split('\n').Count(l => l.EndsWith(": OK", StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatIsLeftOut_IsTold()
    {
        (int code, string output) = _script.Run("build", "1.2.0", "--without", "tests", "--without", "native", "--without", "chart");

        Assert.True(code == 0, output);
        Assert.DoesNotContain("tested", output, StringComparison.Ordinal);
        Assert.Equal(3, output.Split("NOT ").Length - 1);
        string notes = _script.Read("artifacts/release-notes.md");
        Assert.All(["tests were not run", "native tool is not part", "chart is not part"], words => Assert.Contains(words, notes, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("v1.2.0", "is no version")]
    [InlineData("1.2", "is no version")]
    [InlineData("1.2.0 --x", "is no version")]
    [InlineData("1.02.0", "is no version")]
    [InlineData("1.3.0", "Directory.Build.props says 1.2.0, not 1.3.0")]
    public void WrongVersion_IsRefused(string version, string words) => Refuses(_script, words, version);

    [Fact]
    public void UncommittedChange_IsRefused() => Refuses(_script.Dirty(), "the tree is not clean");

    [Fact]
    public void ChartOfAnotherVersion_IsRefused() => Refuses(
        _script.With("charts/verifier/Chart.yaml", "version: 1.2.0\nappVersion: \"1.1.0\"\n"), "Chart.yaml is not of version 1.2.0");

    [Theory]
    [InlineData("## [Unreleased]\n\n- A thing.\n", "no dated section")]
    [InlineData("## [Unreleased]\n\n## [1.2.0]\n\n- A thing.\n", "no dated section")]
    [InlineData("## [Unreleased]\n\n## [1.2.0] - 2026-11-01\n\n## [1.1.0] - 2026-10-01\n\n- A thing.\n", "is empty")]
    public void VersionWithoutChanges_IsRefused(string changelog, string words) => Refuses(_script.With("CHANGELOG.md", changelog), words);

    [Fact]
    public void FailedTests_MakeNoRelease()
    {
        Refuses(_script.With("test.sh", "#!/bin/sh\nexit 1\n", isProgram: true), "the tests failed");
        Assert.Empty(Directory.GetFiles(_script.Artifacts));
    }

    [Fact]
    public void BuildThatChangesTheCheckout_IsRefused() =>
        Refuses(_script.With("test.sh", "#!/bin/sh\necho x >>CHANGELOG.md\n", isProgram: true), "the build changed files");

    [Fact]
    public void FailedPackaging_LeavesNoChecksums()
    {
        _script.With("build/pack.sh", "#!/bin/sh\nexit 7\n", isProgram: true);
        Assert.NotEqual(0, _script.Run("build", "1.2.0").Code);
        Assert.False(File.Exists(Path.Combine(_script.Artifacts, "SHA256SUMS")));
    }

    [Fact]
    public void Prepare_WritesTheVersionIntoAllItsPlaces()
    {
        (int code, string output) = _script.Run("prepare", "1.3.0-rc.1");

        Assert.True(code == 0, output);
        Assert.Contains("<Version>1.3.0-rc.1</Version>", _script.Read("Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains("version: 1.3.0-rc.1\nappVersion: \"1.3.0-rc.1\"\n", _script.Read("charts/verifier/Chart.yaml"), StringComparison.Ordinal);
        Assert.Matches(@"## \[Unreleased\]\n\n## \[1\.3\.0-rc\.1\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- Later\.\n\n## \[1\.2\.0\]", _script.Read("CHANGELOG.md"));
        Assert.Equal(3, _script.Git("status", "--porcelain").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void PreparingTwice_IsRefused()
    {
        (int code, string output) = _script.Run("prepare", "1.2.0");
        Assert.NotEqual(0, code);
        Assert.Contains("has a section for 1.2.0 already", output, StringComparison.Ordinal);
    }

    public void Dispose() => _script?.Dispose();

    private static void Refuses(ReleaseScript script, string words, string version = "1.2.0")
    {
        (int code, string output) = script.Run("build", version);
        Assert.Equal(1, code);
        Assert.Contains("error: ", output, StringComparison.Ordinal);
        Assert.Contains(words, output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(script.Artifacts, "SHA256SUMS")));
    }

    private static bool HasGit()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("git", "--version") { RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0 && !OperatingSystem.IsWindows();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
