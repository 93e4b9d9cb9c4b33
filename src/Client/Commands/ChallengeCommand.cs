using System.CommandLine;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using SevSnp.Policies;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>challenge</c>: asks a service for bytes that the guest puts into a report, and that serve once.</summary>
internal static class ChallengeCommand
{
    private const long MostSeconds = 253_402_300_799;

    public static Command Create(CliContext context)
    {
        ServerOptions server = new(asAdministrator: false);
        Option<string> tenant = Opt.Text("--tenant", "NAME", "Tenant that will verify with it. Default: default.");
        Option<uint?> life = Opt.Number("--life", 1, 600, "How many seconds it shall serve. Default: as long as the service gives.");
        Option<FileInfo> file = Opt.File("--out", "Write the 64 bytes of the challenge to this file, for the guest and for verify --challenge.");
        Option<OutputFormat> format = OutputOptions.Format();
        ExampleCommand command = new(
            "challenge",
            "Asks a service for a challenge: the guest puts it into REPORT_DATA, and one report made with it can be verified.",
            "verifierctl challenge --out challenge.bin",
            "verifierctl verify --report report.bin --certs certs.bin --challenge challenge.bin")
        {
            tenant, life, file, format,
        };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            V1.CreateChallengeRequest request = new()
            {
                Tenant = parsed.GetValue(tenant) ?? "",
                Life = parsed.GetValue(life) is { } seconds ? new Duration { Seconds = seconds } : null,
            };
            V1.CreateChallengeResponse response = await AskAsync(server.Read(parsed, context), request, cancellation);
            if (parsed.GetValue(file) is { } output)
            {
                OutputFile.Write(output, response.Challenge.Span);
            }

            Write(context, ChallengeView.Of(response), parsed.GetValue(format));
            return (int)ExitCode.Success;
        });
        return command;
    }

    private static async Task<V1.CreateChallengeResponse> AskAsync(ServerInput server, V1.CreateChallengeRequest request, CancellationToken cancellation)
    {
        using ServiceConnection connection = new(server);
        V1.CreateChallengeResponse response = await RpcFailure.Guard(
            server.Address, async () => await connection.Verifier.CreateChallengeAsync(request, connection.Call(cancellation)));
        return response is { Challenge.Length: ReportDataBinding.Size, ExpireTime: { Seconds: >= 0 and <= MostSeconds, Nanos: >= 0 and < 1_000_000_000 } }
            ? response
            : throw new CommandFailure(ExitCode.Outage, "the service gave no challenge");
    }

    private static void Write(CliContext context, ChallengeView view, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(view, ViewJson.Default.ChallengeView));
            return;
        }

        new Page(context.Out, context.UseColor)
            .Field("challenge", view.Challenge, indent: 0)
            .Field("expires", Times.Text(view.ExpireTime), indent: 0);
    }
}
