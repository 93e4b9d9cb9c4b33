using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Verifier.Client.Input;
using Verifier.Client.Log;
using Verifier.Ledger;

namespace Verifier.Client.Options;

/// <summary>Whose signature on a log is believed, and where the last head is remembered.</summary>
internal sealed class LogTrustOptions
{
    private const int MaxKeyFile = 16 * 1024;

    private readonly Option<FileInfo> _key = Opt.File("--log-key", "Public key that signs the log, in PEM. Default: the remembered one, else the first that the service shows.");
    private readonly Option<string> _state = Opt.Text("--state", "DIR", "Directory that remembers the last head of each log. Default: in the user's state directory.");
    private readonly Option<bool> _forget = Opt.Flag("--forget-head", "Forget the remembered head and key of this log first: after a restored backup, for instance.");

    public Option[] All => [_key, _state, _forget];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Add(option);
        }
    }

    public LogWatch Watch(CliContext context, ParseResult parsed, Uri server, string tenant)
    {
        HeadMemory memory = new(parsed.GetValue(_state) ?? DefaultDirectory(context));
        if (parsed.GetValue(_forget))
        {
            memory.Forget(server, tenant);
        }

        return new LogWatch(context, server, tenant, memory, parsed.GetValue(_key) is { } file ? Key(file) : null);
    }

    private static byte[] Key(FileInfo file)
    {
        string pem = Encoding.Latin1.GetString(InputFile.Read(file, MaxKeyFile).Bytes);
        if (!LogKeys.TryReadPublic(pem, out ECDsa? key))
        {
            throw CommandFailure.Usage($"{file}: holds no public key on P-256 in PEM");
        }

        using (key)
        {
            return key.ExportSubjectPublicKeyInfo();
        }
    }

    private static string DefaultDirectory(CliContext context) => StateDirectory.Find(context) is { } state
        ? Path.Combine(state, "logs")
        : throw CommandFailure.Usage("there is no directory to remember the head of the log in", "--state DIR names one");
}
