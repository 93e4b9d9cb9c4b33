using System.CommandLine;
using Grpc.Core;
using Verifier.Client.Log;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>log export</c> and <c>log import</c>: a copy of a tenant, and an empty tenant from one.</summary>
internal static class LogCopyCommands
{
    private const int MiB = 1 << 20;

    public static Command Export(CliContext context)
    {
        Option<FileInfo> output = Opt.File("--out", "File to write the copy to; one that is there is replaced.", required: true);
        LogAction action = new(context);
        return action.Complete(new ExampleCommand("export", "Writes a copy of a tenant: its whole log, and what belongs to it.", "verifierctl log export --out default.jsonl") { output }, async run =>
        {
            FileInfo file = run.Parsed.GetRequiredValue(output);
            string draft = $"{file.FullName}.{Guid.NewGuid():n}.part";
            try
            {
                long length = await ReceiveAsync(context, run, draft);
                if (length == 0)
                {
                    throw new CommandFailure(ExitCode.Refused, "the tenant has no entries, so that there is nothing to copy");
                }

                File.Move(draft, file.FullName, overwrite: true);
                context.Error.WriteLine($"note: {length} bytes written");
                return ExitCode.Success;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CommandFailure.Usage($"{file}: cannot be written: {e.Message}");
            }
            finally
            {
                File.Delete(draft);
            }
        });
    }

    public static Command Import(CliContext context)
    {
        Argument<FileInfo> input = new("FILE") { Description = "The copy." };
        LogAction action = new(context);
        return action.Complete(new ExampleCommand("import", "Makes an empty tenant what it was when the copy was written.", "verifierctl log import default.jsonl") { input }, async run =>
        {
            FileInfo file = run.Parsed.GetRequiredValue(input);
            using FileStream stream = FileUpload.Open(file);
            CallOptions options = run.Call().WithDeadline(DateTime.MaxValue);
            string parent = ResourceNames.Parent(run.Tenant);
            V1.ImportTenantResponse response = await FileUpload.SendAsync(run.Service.ImportTenant(options), requests => FileUpload.WriteAsync(
                requests,
                file,
                stream,
                chunk => new V1.ImportTenantRequest { Parent = Interlocked.Exchange(ref parent, ""), Lines = chunk },
                (sent, whole) => Progress(context, sent, whole),
                options.CancellationToken));
            RemoteHead head = RemoteHead.Read(response.Head, run.Tenant);
            LogOutput.Write(context, LogHeadView.Of(run.Tenant, head), run.Format);
            return ExitCode.Success;
        });
    }

    private static async Task<long> ReceiveAsync(CliContext context, LogRun run, string draft)
    {
        CallOptions options = run.Call().WithDeadline(DateTime.MaxValue);
        using AsyncServerStreamingCall<V1.ExportTenantResponse> call = run.Service.ExportTenant(new() { Parent = ResourceNames.Parent(run.Tenant) }, options);
        await using FileStream stream = new(draft, FileMode.CreateNew, FileAccess.Write);
        while (await call.ResponseStream.MoveNext(options.CancellationToken))
        {
            await stream.WriteAsync(call.ResponseStream.Current.Lines.Memory, options.CancellationToken);
            Progress(context, stream.Length, null);
        }

        return stream.Length;
    }

    private static void Progress(CliContext context, long done, long? whole)
    {
        if (context.ShowProgress)
        {
            context.Error.Write($"\r{done / MiB} MiB{(whole is { } all ? $" of {all / MiB} MiB" : "")}");
        }
    }
}
