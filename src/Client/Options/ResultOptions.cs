using System.CommandLine;

namespace Verifier.Client.Options;

/// <summary>A signed result beside the verdict: for whom, and whose it must be.</summary>
internal sealed class ResultOptions
{
    private const string Of03 = "03";

    private readonly Option<string> _audience = Opt.Text("--audience", "NAME", "Ask for a signed result for this audience, and check it. Needs --issuer.");
    private readonly Option<string> _issuer = Opt.Text("--issuer", "URL", "Issuer that the result must name; https, or http on the loopback interface.");
    private readonly Option<string> _keys = Opt.Text("--jwks", "FILE|URL", "Keys to check the result with. Default: /.well-known/jwks.json under the issuer.");
    private readonly Option<string> _profile = Opt.Word("--ear-profile", "2023|03", "Names of the result's claims, 2023 or 03. Default: 2023.", "2023", Of03);
    private readonly Option<FileInfo> _file = Opt.File("--token-out", "Write the result there, once it was checked.");

    public Option[] All => [_audience, _issuer, _keys, _profile, _file];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            bool isAsked = Opt.IsGiven(result, _audience);
            if (isAsked && !Opt.IsGiven(result, _issuer))
            {
                result.AddError("--audience needs --issuer: whose result it must be cannot be taken from the result");
            }

            foreach (Option option in All.Where(o => o != _audience && !isAsked && Opt.IsGiven(result, o)))
            {
                result.AddError($"{option.Name} has a meaning only with --audience");
            }

            if (Opt.IsGiven(result, _issuer) && Address(result.GetResult(_issuer)!.Tokens[0].Value) is null)
            {
                result.AddError("--issuer must be an https address, or an http one on the loopback interface");
            }

            if (Opt.IsGiven(result, _keys) && result.GetResult(_keys)!.Tokens[0].Value is var keys && IsAddress(keys) && Address(keys) is null)
            {
                result.AddError("--jwks must be a file, an https address, or an http one on the loopback interface");
            }
        });
    }

    /// <summary>Null when no result is asked for.</summary>
    public ResultInput? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_audience) is not { } audience)
        {
            return null;
        }

        string issuer = parsed.GetValue(_issuer)!;
        string keys = parsed.GetValue(_keys) ?? $"{issuer.TrimEnd('/')}/.well-known/jwks.json";
        return new ResultInput(audience, issuer, Address(keys), IsAddress(keys) ? null : new FileInfo(keys), parsed.GetValue(_profile) == Of03, parsed.GetValue(_file));
    }

    private static bool IsAddress(string text) => text.Contains("://", StringComparison.Ordinal);

    private static Uri? Address(string text) =>
        IsAddress(text) && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)) && uri.UserInfo.Length == 0
            ? uri
            : null;
}

/// <summary>The result that is asked for. One of the two places of keys is set.</summary>
internal sealed record ResultInput(string Audience, string Issuer, Uri? KeysAddress, FileInfo? KeysFile, bool IsOf03, FileInfo? File);
