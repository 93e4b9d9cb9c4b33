using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Verifier.Client.Commands;

namespace Verifier.Client.Output;

/// <summary>The usual help, then the command's examples. Success only when help is all that was asked for: a verification that was not made is none.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    private static readonly string[] FirstSteps =
    [
        "verifierctl inspect report report.bin",
        "verifierctl verify --report report.bin --certs certs.bin --nonce $NONCE",
        "verifierctl verify --help",
    ];

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        inner.Invoke(parseResult);
        IReadOnlyList<string> examples = parseResult.CommandResult.Command switch
        {
            ExampleCommand command => command.Examples,
            RootCommand => FirstSteps,
            _ => [],
        };
        WriteExamples(parseResult.InvocationConfiguration.Output, examples);
        if (parseResult.Tokens.Count(t => t.Type != TokenType.Command) <= 1)
        {
            return (int)ExitCode.Success;
        }

        parseResult.InvocationConfiguration.Error.WriteLine("error: help was shown, and nothing else was done");
        return (int)ExitCode.Usage;
    }

    private static void WriteExamples(TextWriter output, IReadOnlyList<string> examples)
    {
        if (examples.Count == 0)
        {
            return;
        }

        output.WriteLine("Examples:");
        foreach (string example in examples)
        {
            output.WriteLine($"  {example}");
        }

        output.WriteLine();
    }
}
