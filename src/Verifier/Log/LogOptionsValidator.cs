using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Verifier.Service.Storage;

namespace Verifier.Service.Log;

/// <summary>What must hold of <see cref="LogOptions"/> before the service starts.</summary>
internal sealed class LogOptionsValidator(IOptions<StoreOptions> store) : IValidateOptions<LogOptions>
{
    public ValidateOptionsResult Validate(string? name, LogOptions options)
    {
        List<string> faults = [];
        if (options.KeyFile is null && store.Value.UsesRedis)
        {
            faults.Add(
                "Log:KeyFile: with Redis a key is needed, the same for every instance. Make one with: " +
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out log-key.pem");
        }

        if (options.KeyFile is { } file)
        {
            Check("Log:KeyFile", file, isPrivate: true);
        }

        for (int i = 0; i < options.TrustedKeyFiles.Length; i++)
        {
            Check($"Log:TrustedKeyFiles:{i}", options.TrustedKeyFiles[i], isPrivate: false);
        }

        if (options.AuditInterval < TimeSpan.FromSeconds(2) || options.AuditInterval > TimeSpan.FromHours(24))
        {
            faults.Add("Log:AuditInterval: must be 2 seconds to 24 hours");
        }

        if (options.MaxImportBytes is < 1L << 20 or > 1L << 40)
        {
            faults.Add("Log:MaxImportBytes: must be 1048576 to 1099511627776");
        }

        for (int i = 0; i < options.AcceptRollback.Length; i++)
        {
            if (options.AcceptRollback[i].Split(':') is not [var size, var root]
                || !long.TryParse(size, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _)
                || !Ledger.TreeHash.TryParse(root, out _))
            {
                faults.Add($"Log:AcceptRollback:{i}: must be SIZE:ROOT, as the alarm names it");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Check(string setting, string path, bool isPrivate)
        {
            if (LogKeyRing.TryRead(path, isPrivate, out ECDsa? key, out string fault))
            {
                key.Dispose();
            }
            else
            {
                faults.Add($"{setting}: {fault}");
            }
        }
    }
}
