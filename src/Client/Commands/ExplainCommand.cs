using System.CommandLine;
using System.Text.Json;
using SevSnp.Measurement;
using SevSnp.Reports;
using Verifier.Client.Input;
using Verifier.Client.Offline;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Commands;

/// <summary><c>explain</c>: why a report has the measurement it has, from the files that it may have been launched from.</summary>
internal sealed class ExplainCommand
{
    private readonly Argument<FileInfo> _report = new("REPORT") { Description = "The attestation report, 1184 bytes." };
    private readonly Argument<FileInfo[]> _files = new("FILE") { Description = "IGVM files that the guest may have been launched from.", Arity = ArgumentArity.OneOrMore };
    private readonly IgvmLaunchOptions _launch = new();
    private readonly Option<uint?> _mostVmsas = Opt.Number("--most-vmsas", 1, IgvmLaunch.MaxVmsas, "Try up to this number of save areas; default 64.");
    private readonly Option<IReadOnlyList<uint>> _vmpls = Opt.Vmpls("Privilege level that may ask for the report; repeatable, default 0.");
    private readonly Option<FileInfo> _stepsOut = Opt.File("--steps-out", "Write the steps of the launch of each file here, to be compared with those of another tool.");
    private readonly Option<OutputFormat> _format = OutputOptions.Format();

    private ExplainCommand()
    {
    }

    public static Command Create(CliContext context)
    {
        ExplainCommand explain = new();
        ExampleCommand command = new(
            "explain",
            "Tells why a report has the measurement it has. Nothing is verified. Exit code: 0 a file gives the measurement in some way, 4 none does.",
            "verifierctl explain report.bin coconut-qemu.igvm",
            "verifierctl explain report.bin old.igvm new.igvm --profile qemu-kvm --steps-out steps.txt")
        {
            explain._report, explain._files, explain._mostVmsas, explain._vmpls, explain._stepsOut, explain._format,
        };
        explain._launch.AddTo(command);
        command.SetAction(parsed => (int)explain.Run(parsed, context));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CliContext context)
    {
        AttestationReport report = ReportFile.Parse(ReportFile.Read(parsed.GetRequiredValue(_report)));
        MismatchExplainer explainer = new(report, _launch.Read(parsed))
        {
            MostVmsas = (int)(parsed.GetValue(_mostVmsas) ?? 64),
            Vmpls = parsed.GetValue(_vmpls) is { Count: > 0 } vmpls ? vmpls : [0],
        };
        List<ExplainedFileView> files = [];
        foreach (FileInfo file in parsed.GetRequiredValue(_files))
        {
            files.Add(ProgressBar.Run(context, file.Exists ? file.Length : 0, $"explaining {file.Name}", progress => explainer.Explain(file, progress)));
        }

        ExplanationView view = ExplanationView.Of(report, files, explainer.Difference());
        if (parsed.GetValue(_stepsOut) is { } path)
        {
            OutputFile.WriteText(path, explainer.WriteSteps);
        }

        if (parsed.GetValue(_format) == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(view, ViewJson.Default.ExplanationView));
        }
        else
        {
            ExplanationText.Write(new Page(context.Out, context.UseColor), view);
        }

        foreach (ExplainedFileView failed in files.Where(f => f.Error is not null))
        {
            FailureText.Error(context, failed.Error!.Message);
        }

        return files.Exists(f => f.Error is not null) ? ExitCode.Malformed : files.Exists(f => f.Matches.Count > 0) ? ExitCode.Success : ExitCode.Refused;
    }
}
