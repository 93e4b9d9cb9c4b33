using System.Net;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;

namespace Verifier.Service.Tokens;

/// <summary>What must hold of <see cref="TokenOptions"/> before the service starts.</summary>
internal sealed class TokenOptionsValidator(IConfiguration configuration) : IValidateOptions<TokenOptions>
{
    private const int MostFiles = 8;
    private const int LongestIssuer = 256;

    public ValidateOptionsResult Validate(string? name, TokenOptions options)
    {
        // Not the validated options: their faults are told by their own validator.
        ServerOptions server = configuration.GetSection(ServerOptions.Section).Get<ServerOptions>() ?? new ServerOptions();
        string[] faults = [.. Faults(options, server)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    public static IEnumerable<string> Faults(TokenOptions o, ServerOptions server)
    {
        bool isLoopback = Endpoints.Parse(server.Address) is { } address && IPAddress.IsLoopback(address);
        (bool Broken, string Fault)[] rules =
        [
            (o.Issuer is not null && !IsIssuer(o.Issuer), "Tokens:Issuer: must be an https URL, or http on loopback, without query and without a slash at the end"),
            (o.Port is < 0 or > 65535, "Tokens:Port: must be 0 to 65535"),
            (o.Port is > 0 && (o.Port == server.Port || o.Port == server.ProbePort), "Tokens:Port: must differ from Server:Port and Server:ProbePort"),
            (o.Port is not null && !isLoopback && !server.Tls.IsConfigured,
                "Tokens:Port: keys are served in plaintext on loopback only; set Server:Tls:CertificateFile and Server:Tls:KeyFile"),
            (o.Port is not null && !isLoopback && o.Issuer is null, "Tokens:Issuer: must be set with Tokens:Port off loopback"),
            (o.KeyFiles.Length > 0 && o.Port is null && o.Issuer is null, "Tokens:KeyFiles: has no meaning without Tokens:Issuer or Tokens:Port"),
            (o.KeyFiles.Length > MostFiles, $"Tokens:KeyFiles: must be at most {MostFiles}"),
            (o.ActivationDelay < TimeSpan.Zero || o.ActivationDelay > TimeSpan.FromHours(24), "Tokens:ActivationDelay: must be 0 s to 24 h"),
            (o.ReloadInterval < TimeSpan.FromSeconds(1) || o.ReloadInterval > TimeSpan.FromHours(1), "Tokens:ReloadInterval: must be 1 s to 1 h"),
            (o.Life < TimeSpan.FromSeconds(10) || o.Life > TimeSpan.FromMinutes(5), "Tokens:Life: must be 10 s to 5 min"),
        ];
        return rules.Where(r => r.Broken).Select(r => r.Fault).Concat(FileFaults(o));
    }

    private static bool IsIssuer(string text) =>
        text.Length <= LongestIssuer
        && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri is { Query: "", Fragment: "", UserInfo: "" }
        && !text.EndsWith('/')
        && !text.Contains('?', StringComparison.Ordinal)
        && !text.Contains('#', StringComparison.Ordinal);

    // A file may be added later, but one that is there must hold a key, and one of them must be there.
    private static IEnumerable<string> FileFaults(TokenOptions options)
    {
        int keys = 0;
        foreach ((int i, string file) in options.KeyFiles.Index())
        {
            TokenKeyFile read = TokenKeyFile.Read(file);
            keys += read.Key is null ? 0 : 1;
            if (read is { IsAbsent: false, Fault: { } fault })
            {
                yield return $"Tokens:KeyFiles:{i}: {fault}";
            }
        }

        if (options.KeyFiles.Length is > 0 and <= MostFiles && keys == 0)
        {
            yield return "Tokens:KeyFiles: none of the files holds a key";
        }
    }
}
