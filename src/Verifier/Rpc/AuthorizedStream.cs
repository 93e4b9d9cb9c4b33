using Grpc.Core;

namespace Verifier.Service.Rpc;

/// <summary>A stream of requests that hands out no message before its sender's right to it was found.</summary>
/// <param name="inner">The stream as it comes.</param>
/// <param name="demand">Throws unless the sender may; told whether it is the first message. Null: the stream ended without one.</param>
internal sealed class AuthorizedStream<T>(IAsyncStreamReader<T> inner, Func<T?, bool, Task> demand) : IAsyncStreamReader<T>
    where T : class
{
    private bool _begun;

    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        bool isThere = await ChunkedFile.NextAsync(inner, cancellationToken);
        if (isThere || !_begun)
        {
            await demand(isThere ? inner.Current : null, !_begun);
        }

        _begun = true;
        return isThere;
    }
}
