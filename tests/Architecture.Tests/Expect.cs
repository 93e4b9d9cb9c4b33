namespace Verifier.Architecture.Tests;

/// <summary>Says what breaks a rule, line by line.</summary>
internal static class Expect
{
    public static void None<T>(IEnumerable<T> findings)
    {
        string[] lines = [.. findings.Select(f => $"{f}").Distinct()];
        if (lines.Length > 0)
        {
            Assert.Fail("The rule is broken here:" + Environment.NewLine + string.Join(Environment.NewLine, lines));
        }
    }
}
