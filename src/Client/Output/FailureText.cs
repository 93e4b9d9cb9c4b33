using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Verifier.Client.Views;

namespace Verifier.Client.Output;

/// <summary>Failures: <c>error:</c> and <c>hint:</c> lines on stderr, and with <c>--format json</c> an error object on stdout.</summary>
internal static class FailureText
{
    public static void Write(CliContext context, CommandFailure failure, OutputFormat format)
    {
        Error(context, failure.Message);
        foreach (string violation in failure.Violations.Where(v => !failure.Message.Contains(v.Description, StringComparison.Ordinal)).Select(v => $"{v.Field}: {v.Description}"))
        {
            Error(context, violation);
        }

        if (failure.RetryAfter is { } delay)
        {
            Hint(context, $"try again in {Math.Ceiling(delay.TotalSeconds)} s");
        }

        if (failure.Hint is { } hint)
        {
            Hint(context, hint);
        }

        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(FailureView.Of(failure), ViewJson.Default.FailureView));
        }
    }

    public static void WriteUsage(CliContext context, ParseResult parsed)
    {
        // A word that is no command comes with a second error, that a command is missing.
        bool hasStrayWord = parsed.UnmatchedTokens.Count > 0 && parsed.Errors.Count > 1 && parsed.CommandResult.Command.Subcommands.Count > 0;
        foreach (string message in parsed.Errors.Skip(hasStrayWord ? 1 : 0).Select(e => e.Message).Distinct(StringComparer.Ordinal))
        {
            Error(context, message);
        }

        string path = string.Join(' ', Path(parsed.CommandResult).Reverse());
        Hint(context, $"verifierctl {path}{(path.Length > 0 ? " " : "")}--help shows the options and an example");
    }

    public static void Error(CliContext context, string text) => context.Error.WriteLine($"error: {SafeText.Of(text)}");

    public static void Hint(CliContext context, string text) => context.Error.WriteLine($"hint: {SafeText.Of(text)}");

    private static IEnumerable<string> Path(CommandResult? result)
    {
        for (SymbolResult? r = result; r is CommandResult { Parent: not null } command; r = r.Parent)
        {
            yield return command.Command.Name;
        }
    }
}
