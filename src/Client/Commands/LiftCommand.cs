using System.CommandLine;
using Google.Protobuf;
using SevSnp.Primitives;
using Verifier.Client.Online;
using Verifier.Client.Options;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>lift</c>: takes a revocation back, which one identity asks for and another approves.</summary>
internal static class LiftCommand
{
    public static Command Create(CliContext context) => new("lift", "Lifts a revocation: one identity asks for it, another approves.")
    {
        Request(context),
        Approve(context),
        List(context),
    };

    private static Command Request(CliContext context)
    {
        Argument<string> id = new("ID") { Description = "Id of the request, of your choice." };
        Option<IReadOnlyList<Digest384>> digest = Opt.Digests("--measurement", "The revoked launch measurement, 48 bytes.");
        digest.Required = true;
        Option<string> reason = Opt.Text("--reason", "TEXT", "Why; at most 512 characters.", required: true);
        Option<bool> dryRun = DryRun();
        ServiceAction action = new(context, asAdministrator: true);
        return action.Complete(
            new ExampleCommand("request", "Asks for a revocation to be lifted.", "verifierctl lift request lift-1 --measurement $DIGEST --reason \"revoked by mistake\" --token-file token")
            {
                id, digest, reason, dryRun,
            },
            c => c.Lifts,
            async (parsed, lifts, call) =>
            {
                if (parsed.GetRequiredValue(digest) is not [var one])
                {
                    throw CommandFailure.Usage("--measurement must be given once");
                }

                V1.CreateLiftRequestRequest request = new()
                {
                    Parent = ResourceNames.Parent(action.Tenant(parsed)),
                    LiftRequestId = parsed.GetRequiredValue(id),
                    LiftRequest = new() { Digest = ByteString.CopyFrom(one.ToArray()), Reason = parsed.GetRequiredValue(reason) },
                    RequestId = Guid.NewGuid().ToString(),
                    ValidateOnly = parsed.GetValue(dryRun),
                };
                LiftRequestView view = LiftRequestView.Of((await lifts.CreateLiftRequestAsync(request, call())).LiftRequest);
                RevocationOutput.Write(context, view with { DryRun = request.ValidateOnly ? true : null }, action.Format(parsed));
                return ExitCode.Success;
            });
    }

    private static Command Approve(CliContext context)
    {
        Argument<string> id = new("ID") { Description = "Id of the request." };
        Option<bool> dryRun = DryRun();
        ServiceAction action = new(context, asAdministrator: true);
        return action.Complete(
            new ExampleCommand("approve", "Lifts the revocation that another has asked for.", "verifierctl lift approve lift-1 --dry-run", "verifierctl lift approve lift-1 --token-file token")
            {
                id, dryRun,
            },
            c => c.Lifts,
            async (parsed, lifts, call) =>
            {
                V1.ApproveLiftRequestRequest request = new()
                {
                    Name = ResourceNames.OfLift(action.Tenant(parsed), parsed.GetRequiredValue(id)),
                    RequestId = Guid.NewGuid().ToString(),
                    ValidateOnly = parsed.GetValue(dryRun),
                };
                V1.ApproveLiftRequestResponse answer = await lifts.ApproveLiftRequestAsync(request, call());
                LiftRequestView view = LiftRequestView.Of(answer.LiftRequest) with
                {
                    DryRun = request.ValidateOnly ? true : null,
                    MatchingAgain = [.. answer.MatchingAgain.Select(v => v.Name)],
                };
                RevocationOutput.Write(context, view, action.Format(parsed));
                return ExitCode.Success;
            });
    }

    private static Command List(CliContext context)
    {
        ServiceAction action = new(context, asAdministrator: false);
        return action.Complete(
            new ExampleCommand("list", "Lists the requests of a tenant.", "verifierctl lift list"),
            c => c.Lifts,
            async (parsed, lifts, call) =>
            {
                V1.ListLiftRequestsResponse answer = await lifts.ListLiftRequestsAsync(new() { Parent = ResourceNames.Parent(action.Tenant(parsed)) }, call());
                RevocationOutput.Write(context, new LiftRequestListView([.. answer.LiftRequests.Select(LiftRequestView.Of)]), action.Format(parsed));
                return ExitCode.Success;
            });
    }

    private static Option<bool> DryRun() => Opt.Flag("--dry-run", "Say how it would end, and change nothing.");
}
