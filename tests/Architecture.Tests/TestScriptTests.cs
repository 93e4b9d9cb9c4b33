namespace Verifier.Architecture.Tests;

/// <summary>test.sh says the truth: its last line and its code agree, and nothing that went wrong counts as passed.</summary>
public sealed class TestScriptTests : IDisposable
{
    private readonly TestScript _script = new();

    public TestScriptTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "test.sh needs bash");

    [Fact]
    public void AllPassed_IsSuccess()
    {
        (int code, string last, string output) = _script.WithProject("A.Tests", 0, (3, 0, 0)).WithProject("B.Tests", 0, (4, 0, 0)).Run();

        Assert.Equal((0, "7 passed, 0 failed"), (code, last));
        Assert.Contains("output of A.Tests", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Skipped_IsTold() => Assert.Equal((0, "3 passed, 0 failed, 2 skipped"), Ending(_script.WithProject("A.Tests", 0, (3, 0, 2))));

    [Fact]
    public void Failed_IsFailure() => Assert.Equal(
        (1, "7 passed, 1 failed"), Ending(_script.WithProject("A.Tests", 2, (3, 1, 0)).WithProject("B.Tests", 0, (4, 0, 0))));

    [Fact]
    public void FailedRestore_IsFailure() => Assert.Equal(
        (1, "0 passed, 1 failed"), Ending(_script.With("restore", 1).WithProject("A.Tests", 0, (3, 0, 0))));

    [Fact]
    public void FailedBuild_IsFailure() => Assert.Equal(
        (1, "0 passed, 1 failed"), Ending(_script.With("build", 1).WithProject("A.Tests", 0, (3, 0, 0))));

    [Fact]
    public void CrashWithoutResult_IsFailure() => Assert.Equal(
        (1, "3 passed, 1 failed"), Ending(_script.WithProject("A.Tests", 0, (3, 0, 0)).WithProject("B.Tests", 139, null)));

    [Fact]
    public void NoResultDespiteSuccess_IsFailure() => Assert.Equal((1, "0 passed, 1 failed"), Ending(_script.WithProject("A.Tests", 0, null)));

    [Fact]
    public void BadCodeWithoutFailedTest_IsFailure() => Assert.Equal((1, "3 passed, 1 failed"), Ending(_script.WithProject("A.Tests", 7, (3, 0, 0))));

    [Fact]
    public void ProjectWithoutTests_IsFailure() => Assert.Equal(
        (1, "3 passed, 1 failed"), Ending(_script.WithProject("A.Tests", 0, (3, 0, 0)).WithProject("B.Tests", 8, (0, 0, 0))));

    [Fact]
    public void NothingRan_IsFailure() => Assert.Equal((1, "0 passed, 1 failed"), Ending(_script));

    [Fact]
    public void OnlySkipped_IsFailure() => Assert.Equal((1, "0 passed, 1 failed, 5 skipped"), Ending(_script.WithProject("A.Tests", 0, (0, 0, 5))));

    [Fact]
    public void FailureBefore_Counts() =>
        Assert.Equal((1, "3 passed, 1 failed"), Ending(_script.WithProject("A.Tests", 0, (3, 0, 0)), failedBefore: 1));

    [Fact]
    public void ResultOfAnEarlierRun_DoesNotCount()
    {
        _script.WithProject("A.Tests", 0, (3, 0, 0)).Run();
        Assert.Equal((1, "0 passed, 1 failed"), Ending(_script.WithoutResult("A.Tests")));
    }

    public void Dispose() => _script.Dispose();

    private static (int Code, string LastLine) Ending(TestScript script, int failedBefore = 0)
    {
        (int code, string last, _) = script.Run(failedBefore);
        return (code, last);
    }
}
