namespace Verifier.Sdk;

/// <summary>
/// Keeps all calls of a client together from storming a service that fails (F48): each failure takes a token, each success gives a tenth of
/// one back, and nothing is repeated while fewer than half are left. A lasting outage is then met by single tries only. A refusal of a busy
/// service that says when to come back takes a fifth: the service sets the pace itself, so that the short rush onto a fresh replica passes,
/// and still nothing is repeated while more than a third of all calls are refused for long. Calls that reached nobody are not counted.
/// </summary>
internal sealed class RetryBudget
{
    private const double Most = 10;
    private const double PerSuccess = 0.1;
    private const double PerRefusal = 0.2;

    private readonly Lock _lock = new();
    private double _tokens = Most;

    public void Succeeded()
    {
        lock (_lock)
        {
            _tokens = Math.Min(Most, _tokens + PerSuccess);
        }
    }

    /// <summary>Counts a failure, and tells whether it may be repeated.</summary>
    /// <param name="isPaced">Whether the service is not away but busy.</param>
    public bool FailedAndMayRepeat(bool isPaced)
    {
        lock (_lock)
        {
            _tokens = Math.Max(0, _tokens - (isPaced ? PerRefusal : 1));
            return _tokens > Most / 2;
        }
    }
}
