using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Verifier.Client.Commands;

namespace Verifier.Client.Output;

/// <summary>The usual help, then the command's examples.</summary>
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
        int result = inner.Invoke(parseResult);
        IReadOnlyList<string> examples = parseResult.CommandResult.Command switch
        {
            ExampleCommand command => command.Examples,
            RootCommand => FirstSteps,
            _ => [],
        };
        if (examples.Count == 0)
        {
            return result;
        }

        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in examples)
        {
            output.WriteLine($"  {example}");
        }

        output.WriteLine();
        return result;
    }
}
