using System.Text.RegularExpressions;
using Verifier.TestKit;

namespace Verifier.EndToEnd.Tests.Observability;

/// <summary>The alerts by themselves: valid, each shown to fire and to be silent, each with its entry of the runbook.</summary>
public sealed partial class AlertFileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rules_AreValid_AndFireAsTheirTestsSay()
    {
        Assert.SkipUnless(PrometheusServer.IsPresent, PrometheusServer.SkipReason);

        (int check, string checkOutput) = await PrometheusServer.PromtoolAsync("check", "rules", ObservabilityFiles.Alerts);
        (int test, string testOutput) = await PrometheusServer.PromtoolAsync("test", "rules", ObservabilityFiles.AlertTests);

        Assert.True(check == 0, checkOutput);
        Assert.True(test == 0, testOutput);
    }

    [Fact]
    public async Task RuleThatNeverFires_IsSeen()
    {
        Assert.SkipUnless(PrometheusServer.IsPresent, PrometheusServer.SkipReason);
        string folder = Directory.CreateTempSubdirectory("verifier-rules-").FullName;
        string rules = await File.ReadAllTextAsync(ObservabilityFiles.Alerts, Cancellation);
        string tests = await File.ReadAllTextAsync(ObservabilityFiles.AlertTests, Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "alerts.yaml"), rules.Replace("verifier_selftest_passed == 0", "verifier_selftest_passed == 2", StringComparison.Ordinal), Cancellation);
        string copy = Path.Combine(folder, "test.yaml");
        await File.WriteAllTextAsync(copy, tests.Replace("../../../charts/verifier/files/alerts.yaml", "alerts.yaml", StringComparison.Ordinal), Cancellation);

        (int code, string output) = await PrometheusServer.PromtoolAsync("test", "rules", copy);

        Assert.NotEqual(0, code);
        Assert.Contains("VerifierSelfTestFailed", output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task EveryAlert_IsShownToFire_AndToBeSilent()
    {
        string tests = await File.ReadAllTextAsync(ObservabilityFiles.AlertTests, Cancellation);
        string[] cases = [.. tests.Split("\n  - name: ").Skip(1)];

        Assert.All(await NamesAsync(), alert =>
        {
            string[] own = [.. cases.Where(c => c.Contains($"\n        alertname: {alert}\n", StringComparison.Ordinal))];
            Assert.Contains(own, c => c.Contains("exp_labels:", StringComparison.Ordinal));
            Assert.Contains(own, c => c.Contains("exp_alerts: []", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task EveryAlert_HasSeverityWordsAndItsEntryOfTheRunbook_AndNoEntryIsOver()
    {
        string rules = await File.ReadAllTextAsync(ObservabilityFiles.Alerts, Cancellation);
        string runbook = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "operations.md"), Cancellation);
        string[] names = await NamesAsync();

        Assert.True(names.Length > 15);
        Assert.Equal(names.Select(n => n.ToLowerInvariant()).Order(), Entry().Matches(runbook).Select(m => m.Groups[1].Value).Order());
        Assert.All(rules.Split("\n      - alert: ").Skip(1), rule =>
        {
            string name = rule.Split('\n')[0];
            Assert.Matches(@"\n          severity: (critical|warning)\n", rule);
            Assert.Matches(@"\n          summary: '.+'\n", rule);
            Assert.Matches(@"\n          description: '.+'\n", rule);
            Assert.Contains($"docs/operations.md#alert-{name.ToLowerInvariant()}\n", rule + "\n", StringComparison.Ordinal);
        });
        Assert.All(Entry().Split(runbook).Skip(1).Where((_, i) => i % 2 == 1), entry =>
            Assert.All(new[] { @"\*\*Means\*\*", @"\*\*Look\*\*", @"\*\*[Dd]o\*\*" }, word => Assert.Matches(word, entry)));
    }

    [Fact]
    public async Task EveryMetric_OfAlertsAndDashboard_IsDocumented()
    {
        string page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "observability.md"), Cancellation);
        string rules = await File.ReadAllTextAsync(ObservabilityFiles.Alerts, Cancellation);

        string[] used = [.. ObservabilityFiles.Queries().Select(q => q.Expression).Append(rules).SelectMany(ObservabilityFiles.MetricsIn).Distinct()];

        Assert.True(used.Length > 30);
        Assert.All(used.Where(m => !m.StartsWith("dotnet_", StringComparison.Ordinal) && !m.StartsWith("kestrel_", StringComparison.Ordinal)), m =>
            Assert.Contains($"`{HistogramEnding().Replace(m, "")}`", page, StringComparison.Ordinal));
    }

    private static async Task<string[]> NamesAsync() =>
        [.. AlertName().Matches(await File.ReadAllTextAsync(ObservabilityFiles.Alerts, Cancellation)).Select(m => m.Groups[1].Value)];

    [GeneratedRegex(@"^      - alert: (\w+)$", RegexOptions.Multiline)]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^### alert-(\w+)$", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex HistogramEnding();
}
