namespace Verifier.Sdk;

/// <summary>
/// Keeps all calls of a client together from storming a service that fails (F48): each failure takes a token, each success gives a tenth of
/// one back, and nothing is repeated while fewer than half are left. A lasting outage is then met by single tries only.
/// </summary>
internal sealed class RetryBudget
{
    private const double Most = 10;
    private const double PerSuccess = 0.1;

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
    public bool FailedAndMayRepeat()
    {
        lock (_lock)
        {
            _tokens = Math.Max(0, _tokens - 1);
            return _tokens > Most / 2;
        }
    }
}
