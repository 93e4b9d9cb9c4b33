using System.CommandLine;

namespace Verifier.Client.Commands;

/// <summary><c>idblock</c>: what a vendor signs about a guest, so that verifiers can pin a key instead of each measurement.</summary>
internal static class IdBlockCommand
{
    public static Command Create(CliContext context) => new ExampleCommand(
        "idblock", "Makes and shows ID blocks, which a guest is launched with and which name its signer.", "verifierctl idblock show block.bin auth.bin")
    {
        IdBlockCreateCommand.Create(context),
        IdBlockShowCommand.Create(context),
    };
}
