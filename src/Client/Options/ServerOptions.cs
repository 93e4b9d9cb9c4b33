using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Verifier.Client.Input;

namespace Verifier.Client.Options;

/// <summary>Which service to ask, and how.</summary>
/// <param name="asAdministrator">Whether, where no identity is given, the administrator's token of a service on this machine is looked for.</param>
internal sealed class ServerOptions(bool asAdministrator)
{
    public const string DefaultServer = "http://127.0.0.1:7443";

    private readonly Option<Uri> _server = new("--server")
    {
        Description = "Address of the service; http only on the loopback interface.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri(DefaultServer),
        CustomParser = result =>
        {
            if (TryAddress(result.Tokens[0].Value, out Uri? uri))
            {
                return uri;
            }

            result.AddError($"--server must be an address such as https://verifier.example:7443, not '{result.Tokens[0].Value}'");
            return null;
        },
    };

    private readonly Option<FileInfo> _ca = Opt.File("--ca", "Trust only the certificate authorities in this PEM file for TLS, instead of the system's.");
    private readonly Option<uint?> _timeout = Opt.Number("--timeout", 1, 3600, "Give up after this many seconds. Default: 30.");
    private readonly Option<bool> _plaintext = Opt.Flag("--unsafe-plaintext", "Talk to a service off the loopback interface without TLS: anyone in between can forge the answer.");
    private readonly Option<FileInfo> _token = Opt.File("--token-file", "File with a bearer token, on one line: of your issuer, or the administrator's.");
    private readonly Option<string> _tokenVariable = Opt.Text("--token-env", "NAME", "Environment variable with a bearer token.");
    private readonly Option<FileInfo> _certificate = Opt.File("--client-cert", "PEM file with the certificate to show the service, intermediates behind it.");
    private readonly Option<FileInfo> _key = Opt.File("--client-key", "PEM file with the private key of --client-cert.");

    public Option[] All => [_server, _ca, _timeout, _plaintext, _token, _tokenVariable, _certificate, _key];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            string text = Opt.IsGiven(result, _server) ? result.GetResult(_server)!.Tokens[0].Value : DefaultServer;
            if (!TryAddress(text, out Uri? server) || server.Scheme != Uri.UriSchemeHttp)
            {
                return;
            }

            if (!server.IsLoopback && !Opt.IsGiven(result, _plaintext))
            {
                result.AddError("--server must be https off the loopback interface (or say --unsafe-plaintext)");
            }

            foreach (Option option in new Option[] { _ca, _certificate }.Where(o => Opt.IsGiven(result, o)))
            {
                result.AddError($"{option.Name} has a meaning only with an https --server; {text} is asked without TLS");
            }

            if (!server.IsLoopback && (Opt.IsGiven(result, _token) || Opt.IsGiven(result, _tokenVariable)))
            {
                result.AddError("a bearer token is sent by https only, off the loopback interface: whoever is on the path could use it");
            }
        });
        command.Validators.Add(result =>
        {
            if (Opt.IsGiven(result, _token) && Opt.IsGiven(result, _tokenVariable))
            {
                result.AddError("--token-file and --token-env are two ways to give one token");
            }

            if (Opt.IsGiven(result, _certificate) != Opt.IsGiven(result, _key))
            {
                result.AddError("--client-cert and --client-key go together");
            }
        });
    }

    public Uri Address(ParseResult parsed) => parsed.GetValue(_server) ?? new Uri(DefaultServer);

    /// <summary>Reads the options, and the token that they name or that is looked for.</summary>
    public ServerInput Read(ParseResult parsed, CliContext context)
    {
        Uri server = Address(parsed);
        ClientCertificateFiles? certificate = parsed.GetValue(_certificate) is { } file ? new ClientCertificateFiles(file, parsed.GetValue(_key)!) : null;
        string? token = parsed.GetValue(_token) is { } tokenFile ? BearerTokens.OfFile(tokenFile)
            : parsed.GetValue(_tokenVariable) is { } variable ? BearerTokens.OfVariable(context, variable)
            : asAdministrator && certificate is null ? LocalAdminToken.Find(server, context)
            : null;
        return new ServerInput(server, parsed.GetValue(_ca), TimeSpan.FromSeconds(parsed.GetValue(_timeout) ?? 30), token, certificate);
    }

    private static bool TryAddress(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.PathAndQuery == "/"
        && address.UserInfo.Length == 0;
}

/// <summary>Which service to ask, and how.</summary>
internal sealed record ServerInput(Uri Address, FileInfo? CertificateAuthorities, TimeSpan Timeout, string? BearerToken, ClientCertificateFiles? ClientCertificate);

/// <summary>A certificate to show, and its key.</summary>
internal sealed record ClientCertificateFiles(FileInfo Certificate, FileInfo Key);
