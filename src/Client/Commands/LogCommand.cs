using System.CommandLine;
using Grpc.Core;
using Verifier.Client.Log;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>log</c>: the append-only log of a tenant's changes.</summary>
internal static class LogCommand
{
    public static Command Create(CliContext context) => new ExampleCommand("log", "Reads and verifies the log of all changes.", "verifierctl log verify --log-key log-key.pub")
    {
        Head(context),
        Show(context),
        Verify(context),
        LogCopyCommands.Export(context),
        LogCopyCommands.Import(context),
    };

    private static Command Head(CliContext context)
    {
        LogAction action = new(context);
        return action.Complete(new ExampleCommand("head", "Shows the newest signed head, after checking it against the last one seen.", "verifierctl log head --log-key log-key.pub"), async run =>
        {
            RemoteHead head = await run.HeadAsync();
            LogOutput.Write(context, LogHeadView.Of(run.Tenant, head), run.Format);
            return ExitCode.Success;
        });
    }

    private static Command Show(CliContext context)
    {
        Option<uint?> first = Opt.Number("--first", 0, uint.MaxValue, "Index of the first entry. Default: 0.");
        Option<uint?> limit = Opt.Number("--limit", 1, 1_000_000, "Most entries to show. Default: 100.");
        Option<string> resource = Opt.Text("--resource", "NAME", "Only entries of this resource: referenceValues/ID, policies/ID.");
        LogAction action = new(context);
        return action.Complete(
            new ExampleCommand("show", "Shows entries: who changed what, and when.", "verifierctl log show --resource referenceValues/coconut-2026-11", "verifierctl log show --format json") { first, limit, resource },
            async run =>
            {
                V1.ListChangesRequest request = new()
                {
                    Parent = ResourceNames.Parent(run.Tenant), FirstIndex = run.Parsed.GetValue(first) ?? 0, Resource = run.Parsed.GetValue(resource) ?? "", PageSize = 500,
                };
                LogOutput.Write(context, await ReadAsync(run, request, (int)(run.Parsed.GetValue(limit) ?? 100)), run.Format);
                return ExitCode.Success;
            });
    }

    private static Command Verify(CliContext context)
    {
        LogAction action = new(context);
        ExampleCommand command = new(
            "verify",
            "Verifies the whole log: signature, history, every entry, and that what is stored is what the log says.",
            "verifierctl log verify --log-key log-key.pub",
            "verifierctl log verify --server https://verifier.example:7443 --tenant payments --format json");
        return action.Complete(command, async run =>
        {
            RemoteHead head = await run.HeadAsync();
            WholeLog log = new(run.Service, run.Call, run.Tenant);
            await log.ReadAsync(head);
            await log.CompareAsync(run.HeadAsync);
            (long entries, long resources, int revoked) = log.Counts;
            LogOutput.Write(context, new LogVerifiedView(run.Tenant, entries, head.Root.ToString(), resources, revoked), run.Format);
            return ExitCode.Success;
        });
    }

    private static async Task<LogEntriesView> ReadAsync(LogRun run, V1.ListChangesRequest request, int limit)
    {
        List<LogEntryView> entries = [];
        CallOptions options = run.Call();
        while (true)
        {
            V1.ListChangesResponse page = await run.Service.ListChangesAsync(request, options);
            entries.AddRange(page.Entries.Select(e => LogEntryView.Of(e.Index, e.Data.Memory)));
            if (entries.Count >= limit || page.NextIndex >= page.Size)
            {
                return new LogEntriesView([.. entries.Take(limit)], entries.Count > limit || page.NextIndex < page.Size);
            }

            if (page.NextIndex <= request.FirstIndex)
            {
                throw new CommandFailure(ExitCode.Outage, "the service gives the same page again and again, so that the list is not complete");
            }

            request.FirstIndex = page.NextIndex;
        }
    }
}
