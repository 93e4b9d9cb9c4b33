namespace Verifier.Client.Bench;

/// <summary>Looks for the number of callers at which a service answers most: doubles it until that gains nothing twice.</summary>
internal sealed class PeakSearch
{
    private const int MostCallers = 256;
    private const int MostIdleSteps = 2;

    // What one step gains by chance.
    private const double Gain = 1.02;

    private int _callers = 1;
    private int _idle;

    /// <summary>How many callers to try; null when the search is over.</summary>
    public int? Next => _idle < MostIdleSteps && _callers <= MostCallers ? _callers : null;

    /// <summary>Verdicts for each second, at most.</summary>
    public double Best { get; private set; }

    /// <summary>With how many callers.</summary>
    public int BestCallers { get; private set; }

    /// <summary>Takes what <see cref="Next"/> callers got.</summary>
    /// <param name="goodput">Verdicts for each second.</param>
    /// <param name="isRefused">Whether the service refused some: more callers will not get more.</param>
    public void Saw(double goodput, bool isRefused)
    {
        _idle = goodput > Best * Gain ? 0 : _idle + 1;
        if (goodput > Best)
        {
            (Best, BestCallers) = (goodput, _callers);
        }

        _callers *= 2;
        _idle = isRefused ? MostIdleSteps : _idle;
    }
}
