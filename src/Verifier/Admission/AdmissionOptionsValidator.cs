using Microsoft.Extensions.Options;

namespace Verifier.Service.Admission;

/// <summary>What must hold of <see cref="AdmissionOptions"/> before the service starts.</summary>
internal sealed class AdmissionOptionsValidator : IValidateOptions<AdmissionOptions>
{
    public ValidateOptionsResult Validate(string? name, AdmissionOptions options)
    {
        (bool Broken, string Fault)[] rules =
        [
            (options.Concurrency is < 1 or > 1024, "Admission:Concurrency: must be 1 to 1024"),
            (options.QueueTime < TimeSpan.FromMilliseconds(1) || options.QueueTime > TimeSpan.FromSeconds(1), "Admission:QueueTime: must be 1 ms to 1 s"),
            (options.MaxInFlight is < 16 or > 100_000, "Admission:MaxInFlight: must be 16 to 100000"),
            (options.MaxStreams is < 16 or > 100_000, "Admission:MaxStreams: must be 16 to 100000"),
        ];
        string[] faults = [.. rules.Where(r => r.Broken).Select(r => r.Fault)];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
