using System.CommandLine;

namespace Verifier.Client.Output;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text = 0,

    /// <summary>For scripts: the schema of docs/cli.md.</summary>
    Json = 1,
}

/// <summary><c>--format</c>, the same on every command that has a result.</summary>
internal static class OutputOptions
{
    private const string Name = "--format";

    public static Option<OutputFormat> Format()
    {
        Option<OutputFormat> format = new(Name)
        {
            Description = "How to write the result: text for people (default), json for scripts.",
            HelpName = "text|json",
            CustomParser = result => result.Tokens[0].Value switch
            {
                "text" => OutputFormat.Text,
                "json" => OutputFormat.Json,
                string other => Refuse(result, other),
            },
        };
        return format;
    }

    /// <summary>The format that a parsed command line asks for; text where the command has no such option.</summary>
    public static OutputFormat FormatOf(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.OfType<Option<OutputFormat>>().FirstOrDefault() is { } format ? parsed.GetValue(format) : OutputFormat.Text;

    private static OutputFormat Refuse(System.CommandLine.Parsing.ArgumentResult result, string value)
    {
        result.AddError($"{Name} must be text or json, not '{value}'");
        return OutputFormat.Text;
    }
}
