using System.Text.Json;
using SevSnp.Policies;
using SevSnp.Policies.Documents;
using Verifier.Client.Policies;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>Policies, for people and for scripts.</summary>
internal static class PolicyOutput
{
    private const int NameWidth = 24;

    public static void WriteApplied(CliContext context, PolicyView policy, IReadOnlyList<string> unsafeSwitches, bool wasTried, OutputFormat format)
    {
        Loosening(context, policy.Name, unsafeSwitches);
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(policy, ViewJson.Default.PolicyView));
            return;
        }

        string effect = policy.InForce ? ", in force" : wasTried ? ", not stored: a dry run" : ", a draft";
        new Page(context.Out, context.UseColor).Line($"{SafeText.Of(policy.Name)}@{policy.Version}{effect}").Field("sha256", policy.Sha256).Field("etag", policy.Etag);
    }

    /// <summary>The policy as YAML, with what the service says of it in comments.</summary>
    public static void Write(CliContext context, PolicyView policy, ReadOnlyMemory<byte> document, OutputFormat format)
    {
        // What is shown will be applied somewhere: it must be a policy through and through.
        if (!PolicyDocument.TryRead(document, out AppraisalPolicy? read, out _) || read.Identity.Sha256.ToString() != policy.Sha256 || !PolicyFile.IsName(policy.Name))
        {
            throw new CommandFailure(ExitCode.Outage, "the service's answer is no policy that this client understands completely", "verifierctl may be older than the service");
        }

        byte[] canonical = PolicyDocument.Write(read);
        if (format == OutputFormat.Json)
        {
            using JsonDocument json = JsonDocument.Parse(canonical);
            context.Out.WriteLine(JsonSerializer.Serialize(policy with { Document = json.RootElement.Clone() }, ViewJson.Default.PolicyView));
            return;
        }

        string version = policy.Version is { } number ? $"version {number}" : "built in";
        string author = policy.Author is { } name ? $", applied by {SafeText.Of(name)} at {Times.Text(policy.UpdateTime)}" : "";
        context.Out.WriteLine($"# {version}{(policy.InForce ? ", in force" : "")}{author}");
        context.Out.WriteLine($"# sha256 {policy.Sha256}");
        context.Out.Write(PolicyYaml.Write(policy.Name, canonical));
    }

    public static void Write(CliContext context, PolicyListView list, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(list, ViewJson.Default.PolicyListView));
            return;
        }

        foreach (PolicyView policy in list.Policies)
        {
            string label = $"{SafeText.Of(policy.Name)}@{policy.Version ?? 0}";
            context.Out.WriteLine($"{label.PadRight(NameWidth)} {(policy.InForce ? "in force" : "        ")}  {Times.Text(policy.UpdateTime)}  {policy.Sha256}");
        }

        if (list.Truncated)
        {
            context.Out.WriteLine("... there are more");
        }
    }

    public static void Write(CliContext context, TrialListView trial, OutputFormat format)
    {
        Loosening(context, trial.Policy, trial.UnsafeSwitches);
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(trial, ViewJson.Default.TrialListView));
            return;
        }

        Page page = new(context.Out, context.UseColor);
        page.Line($"policy {trial.Policy} is well formed, sha256 {trial.Sha256}");
        foreach (TrialView report in trial.Reports)
        {
            page.Line().Line(report.Report, Page.Heading);
            Verdict(page, "current", report.Current);
            Verdict(page, "draft", report.Draft);
            page.Field("differ in", report.DifferingChecks.Count == 0 ? "nothing" : string.Join(", ", report.DifferingChecks));
        }
    }

    private static void Verdict(Page page, string label, VerdictView verdict) => page.Field(label, $"{verdict.Outcome} by {verdict.Policy}: {verdict.Summary}");

    private static void Loosening(CliContext context, string name, IReadOnlyList<string> switches)
    {
        if (switches.Count > 0)
        {
            context.Error.WriteLine($"warning: the policy {SafeText.Of(name)} loosens: {SafeText.Of(string.Join(", ", switches))}");
        }
    }
}
