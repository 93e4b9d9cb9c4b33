using System.CommandLine;
using Google.Protobuf;
using SevSnp.Primitives;
using Verifier.Client.Online;
using Verifier.Client.Output;
using Verifier.Client.Views;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Commands;

/// <summary><c>lookup</c>: what the registry knows of a launch measurement.</summary>
internal static class LookupCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> digest = new("HEX") { Description = "Launch measurement, 96 hexadecimal digits." };
        digest.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !Digest384.TryParse(result.Tokens[0].Value, out _))
            {
                result.AddError($"a launch measurement is 96 hexadecimal digits, not '{result.Tokens[0].Value}'");
            }
        });
        ServiceAction action = new(context, asAdministrator: false);
        return action.Complete(
            new ExampleCommand("lookup", "Tells which reference values have a launch measurement, and whether it is revoked.", "verifierctl lookup $DIGEST") { digest },
            c => c.Registry,
            async (parsed, registry, call) =>
            {
                string hex = parsed.GetRequiredValue(digest);
                V1.LookupMeasurementResponse response = await registry.LookupMeasurementAsync(
                    new V1.LookupMeasurementRequest { Parent = ResourceNames.Parent(action.Tenant(parsed)), Digest = ByteString.CopyFrom(Convert.FromHexString(hex)) },
                    call());
                ReferenceOutput.Write(context, MeasurementView.Of(hex.ToLowerInvariant(), response), action.Format(parsed));
                return ExitCode.Success;
            });
    }
}
