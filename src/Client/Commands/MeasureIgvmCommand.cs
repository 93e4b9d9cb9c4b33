using System.CommandLine;
using System.Text.Json;
using SevSnp.Igvm;
using SevSnp.Measurement;
using Verifier.Client.Input;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;

namespace Verifier.Client.Commands;

/// <summary><c>measure igvm</c>: the launch measurements of IGVM files. A file that cannot be measured does not keep the others from it.</summary>
internal sealed class MeasureIgvmCommand
{
    // As JSON each step takes some 300 bytes, and all of them must fit into one text.
    private const long MostStepsInJson = 1 << 20;

    private readonly Argument<FileInfo[]> _files = new("FILE") { Description = "IGVM files.", Arity = ArgumentArity.OneOrMore };
    private readonly IgvmLaunchOptions _launch = new();
    private readonly Option<bool> _strict = Opt.Flag("--strict", "Refuse also what the format's own tools accept although the format forbids it. Default: a warning.");
    private readonly Option<bool> _bare = Opt.Flag("--bare", "Print only the measurement and the name of each file, as sha384sum does.");
    private readonly Option<bool> _steps = Opt.Flag("--steps", "Print each page as it enters the measurement.");
    private readonly Option<OutputFormat> _format = OutputOptions.Format();

    private MeasureIgvmCommand()
    {
    }

    public static Command Create(CliContext context)
    {
        MeasureIgvmCommand measure = new();
        ExampleCommand command = new(
            "igvm",
            "Computes the launch measurement of IGVM files. Exit code 2 when one of them cannot be read or measured.",
            "verifierctl measure igvm coconut-qemu.igvm --profile qemu-kvm",
            "verifierctl measure igvm *.igvm --bare",
            "verifierctl measure igvm guest.igvm --profile qemu-kvm --vmsas 4 --steps")
        {
            measure._files, measure._strict, measure._bare, measure._steps, measure._format,
        };
        measure._launch.AddTo(command);
        command.Validators.Add(result =>
        {
            if (Opt.IsGiven(result, measure._bare) && (Opt.IsGiven(result, measure._format) || Opt.IsGiven(result, measure._steps)))
            {
                result.AddError("--bare prints one line for each file; it excludes --format and --steps");
            }
        });
        command.SetAction(parsed => (int)measure.Run(parsed, context));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CliContext context)
    {
        ExitCode code = ExitCode.Success;
        List<IgvmMeasurementView> views = [];
        bool json = parsed.GetValue(_format) == OutputFormat.Json;
        foreach (FileInfo file in parsed.GetRequiredValue(_files))
        {
            IgvmMeasurementView view = Measure(parsed, file, context);
            code = view.Error is null ? code : ExitCode.Malformed;
            if (json)
            {
                views.Add(view);
            }
            else if (view.Error is null)
            {
                IgvmMeasurementText.Write(context, view, parsed.GetValue(_bare));
            }
        }

        if (json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(new IgvmMeasurementsView(views), ViewJson.Default.IgvmMeasurementsView));
        }

        return code;
    }

    private IgvmMeasurementView Measure(ParseResult parsed, FileInfo file, CliContext context)
    {
        try
        {
            using MappedIgvmFile mapped = MappedIgvmFile.Open(file, parsed.GetValue(_strict) ? IgvmStrictness.Strict : IgvmStrictness.Lenient);
            IgvmFindingsText.Warn(context, file, mapped.Content);
            IgvmMeasurement measurement = Measure(parsed, file, mapped.Content, context);
            IgvmFindingsText.Note(context, file, measurement);
            return IgvmMeasurementView.Of(file.ToString(), mapped.Content, measurement);
        }
        catch (CommandFailure failure)
        {
            FailureText.Error(context, failure.Message);
            return IgvmMeasurementView.Of(file.ToString(), failure);
        }
    }

    private IgvmMeasurement Measure(ParseResult parsed, FileInfo file, IgvmFile content, CliContext context)
    {
        bool steps = parsed.GetValue(_steps);
        if (steps && parsed.GetValue(_format) == OutputFormat.Json && content.PageCount > MostStepsInJson)
        {
            throw CommandFailure.Usage($"{file}: has {content.PageCount} pages; at most {MostStepsInJson} steps can be written as JSON, any number as text");
        }

        IgvmLaunch launch = _launch.Read(parsed);
        return ProgressBar.Run(context, content.Length, $"measuring {file.Name}", progress =>
            IgvmMeasurer.TryMeasure(content, launch, out IgvmMeasurement? measurement, out IgvmMeasureFault fault, new IgvmMeasureOptions { KeepSteps = steps, Progress = progress })
                ? measurement
                : throw new CommandFailure(ExitCode.Malformed, $"{file}: {fault}"));
    }
}
