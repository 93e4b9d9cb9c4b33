using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Verifier.Service.Web;

/// <summary>The time that a JSON call has: by the header of gRPC, or else as long as every call. gRPC's server keeps it for its own calls only.</summary>
internal sealed class WebDeadline : IDisposable
{
    private const string Header = "Grpc-Timeout";
    private const int MostDigits = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _end;

    public WebDeadline(TimeSpan time, CancellationToken caller)
    {
        _caller = caller;
        _end = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _end.CancelAfter(time);
    }

    /// <summary>Ends with the time, and when the caller leaves.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Whether the time is over, and the caller still there to be told.</summary>
    public bool HasPassed => _end.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>The time that the caller gives; null when there is such a header, and it tells none.</summary>
    public static TimeSpan? Read(HttpRequest request, TimeSpan otherwise)
    {
        if (!request.Headers.TryGetValue(Header, out StringValues values))
        {
            return otherwise;
        }

        string text = values.Count == 1 ? values[0]! : "";
        if (text.Length is < 2 or > MostDigits + 1 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int amount))
        {
            return null;
        }

        TimeSpan? given = text[^1] switch
        {
            'H' => TimeSpan.FromHours(amount),
            'M' => TimeSpan.FromMinutes(amount),
            'S' => TimeSpan.FromSeconds(amount),
            'm' => TimeSpan.FromMilliseconds(amount),
            'u' => TimeSpan.FromMicroseconds(amount),
            'n' => TimeSpan.FromMicroseconds(amount / 1000.0),
            _ => null,
        };
        return given > Longest ? Longest : given;
    }

    public void Dispose() => _end.Dispose();
}
