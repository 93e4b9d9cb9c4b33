using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Verifier.Client.Commands;
using Verifier.Client.Output;

namespace Verifier.Client;

/// <summary>Puts the commands together and runs one of them.</summary>
internal static class CommandLine
{
    public static RootCommand Build(CliContext context)
    {
        RootCommand root = new("Verifies AMD SEV-SNP attestation evidence and keeps the registry of expected launch measurements.")
        {
            VerifyCommand.Create(context),
            ChallengeCommand.Create(context),
            InspectCommand.Create(context),
            RegisterCommand.Create(context),
            ListCommand.Create(context),
            ShowCommand.Create(context),
            LookupCommand.Create(context),
            WatchCommand.Create(context),
            ChangeStateCommands.Activate(context),
            ChangeStateCommands.Deprecate(context),
            ChangeStateCommands.Revoke(context),
            IdentityCommand.Create(context),
            TenantsCommand.Create(context),
            LiftCommand.Create(context),
            PolicyCommand.Create(context),
            IdBlockCommand.Create(context),
            MeasureCommand.Create(context),
            ExplainCommand.Create(context),
            LogCommand.Create(context),
            KdsCommand.Create(context),
            BenchCommand.Create(context),
            DemoCommand.Create(context),
        };
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        return root;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context)
    {
        // No response files: an argument that begins with @ is what it says.
        ParseResult parsed = Build(context).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction or null)
        {
            FailureText.WriteUsage(context, parsed);
            return (int)ExitCode.Usage;
        }

        try
        {
            InvocationConfiguration streams = new() { Output = context.Out, Error = context.Error, EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(streams);
        }
        catch (CommandFailure failure)
        {
            FailureText.Write(context, failure, OutputOptions.FormatOf(parsed));
            return (int)failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            context.Error.WriteLine("error: interrupted");
            return (int)ExitCode.Outage;
        }
    }
}
