using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace Verifier.Client.Options;

/// <summary>Which service to ask, and how.</summary>
internal sealed class ServerOptions(bool changesRegistry)
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
    private readonly Option<FileInfo> _token = Opt.File("--token-file", "File with the registrar's token, on one line.");

    public Option[] All => changesRegistry ? [_server, _ca, _timeout, _plaintext, _token] : [_server, _ca, _timeout, _plaintext];

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

            if (Opt.IsGiven(result, _ca))
            {
                result.AddError($"--ca has a meaning only with an https --server; {text} is asked without TLS");
            }
        });
    }

    public ServerInput Read(ParseResult parsed) => new(
        parsed.GetValue(_server) ?? new Uri(DefaultServer),
        parsed.GetValue(_ca),
        TimeSpan.FromSeconds(parsed.GetValue(_timeout) ?? 30),
        changesRegistry ? parsed.GetValue(_token) : null);

    private static bool TryAddress(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.PathAndQuery == "/"
        && address.UserInfo.Length == 0;
}

/// <summary>Which service to ask, and how.</summary>
internal sealed record ServerInput(Uri Address, FileInfo? CertificateAuthorities, TimeSpan Timeout, FileInfo? TokenFile);
