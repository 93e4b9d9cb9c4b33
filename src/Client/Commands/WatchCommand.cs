using System.CommandLine;
using Grpc.Core;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>watch</c>: each change of the registry as it is made.</summary>
internal static class WatchCommand
{
    public static Command Create(CliContext context)
    {
        Option<bool> fromStart = Opt.Flag("--from-start", "Begin with the first change there ever was. Default: what changes from now on.");
        Option<uint?> after = Opt.Number("--after", 0, uint.MaxValue, "Go on after this index, the last that an earlier run has shown.");
        ServiceAction action = new(context, asAdministrator: false);
        ExampleCommand command = new("watch", "Tells each change of the registry as it is made, until interrupted.", "verifierctl watch", "verifierctl watch --after 41 --format json")
        {
            fromStart,
            after,
        };
        command.Validators.Add(result =>
        {
            if (Opt.IsGiven(result, fromStart) && Opt.IsGiven(result, after))
            {
                result.AddError("--from-start and --after say different things");
            }
        });
        return action.Complete(command, c => c.Registry, async (parsed, registry, call) =>
        {
            V1.WatchReferenceValuesRequest request = new() { Parent = ResourceNames.Parent(action.Tenant(parsed)) };
            if (parsed.GetValue(fromStart))
            {
                request.FromStart = true;
            }
            else if (parsed.GetValue(after) is { } index)
            {
                request.ResumeAfter = index;
            }

            CancellationToken end = call().CancellationToken;
            ChangeWatch watch = new(registry, call, text => context.Error.WriteLine($"note: {SafeText.Of(text)}"));
            try
            {
                await foreach (V1.WatchReferenceValuesResponse answer in watch.FollowAsync(request, end))
                {
                    Write(context, WatchedChangeView.Of(answer.Index, answer.Change), action.Format(parsed));
                }
            }
            catch (Exception e) when (end.IsCancellationRequested && e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
            {
                // That is how a watch ends.
            }

            return ExitCode.Success;
        });
    }

    private static void Write(CliContext context, WatchedChangeView change, OutputFormat format)
    {
        string line = format == OutputFormat.Json
            ? change.ToJson()
            : SafeText.Of($"{change.Index}  {Times.Text(change.Time)}  {change.Action}  {change.ReferenceValue.Name}  {change.ReferenceValue.State}  by {change.Actor}");
        context.Out.WriteLine(line);
        context.Out.Flush();
    }
}
