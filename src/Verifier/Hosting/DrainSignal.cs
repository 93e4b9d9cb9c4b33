namespace Verifier.Service.Hosting;

/// <summary>
/// Tells calls that last as long as their caller wants to end. Comes after <see cref="ServerOptions.DrainDelay"/>, unlike the host's own
/// word that it stops: a caller sent away before it could hear NOT_SERVING would come straight back to this process.
/// </summary>
internal sealed class DrainSignal : IDisposable
{
    private readonly CancellationTokenSource _ending = new();

    public CancellationToken Ending => _ending.Token;

    public void End() => _ending.Cancel();

    public void Dispose() => _ending.Dispose();
}
