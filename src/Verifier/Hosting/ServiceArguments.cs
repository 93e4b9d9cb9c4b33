namespace Verifier.Service.Hosting;

/// <summary>The command line as written, before it becomes settings: configuration ignores in silence what has no value.</summary>
internal static class ServiceArguments
{
    public const string Help = """
        Verifies AMD SEV-SNP attestation evidence over gRPC.

        Usage:
          Verifier.Service [--Section:Key=value ...]
          Verifier.Service health [--Section:Key=value ...]   asks a running service with the same settings: ends with 0 when it is serving, else with 1
          Verifier.Service --version

        Settings are also read from the environment (Section__Key) and from appsettings.json in the working directory.
        docs/configuration.md lists each with its range and default. On loopback, verifierctl of the same user may change everything; who may
        do what else is told by rules (docs/identity.md).

        Examples:
          Verifier.Service --Store:DataDirectory=data
          Verifier.Service --Identity:Issuers:0:Issuer=https://token.actions.githubusercontent.com --Identity:Issuers:0:Kind=GitHub --Identity:Issuers:0:Audience=verifier.example
          Verifier.Service --Server:Address=* --Server:Tls:CertificateFile=tls.crt --Server:Tls:KeyFile=tls.key
          Verifier.Service health --Server:ProbePort=7444
          Verifier.Service --Store:Redis:Endpoints:0=127.0.0.1:6379 --Kds:Mode=Offline
        """;

    /// <summary>The help or the version, when it is asked for; null when the service is meant to start.</summary>
    public static string? Answer(IReadOnlyList<string> arguments) =>
        arguments.Any(a => a is "--help" or "-h" or "-?") ? Help
        : arguments is ["--version"] ? ServiceVersion.Text
        : null;

    /// <summary>One fault for each argument that is no setting with a value.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyList<string> arguments)
    {
        List<string> faults = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            bool isOption = arguments[i].StartsWith("--", StringComparison.Ordinal);
            if (isOption && !arguments[i].Contains('=', StringComparison.Ordinal) && i + 1 < arguments.Count && !arguments[i + 1].StartsWith('-'))
            {
                i++;
            }
            else if (!isOption || !arguments[i].Contains('=', StringComparison.Ordinal))
            {
                faults.Add($"argument {i + 1}: a setting is written --Section:Key=value; --help shows examples");
            }
        }

        return faults;
    }
}
