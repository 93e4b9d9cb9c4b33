namespace Verifier.Service.Hosting;

/// <summary>
/// Gives a deadline to calls that come without one, by the header that a caller would have sent: the server then ends them itself,
/// slow bodies included (T98). Health watches live as long as their caller wants.
/// </summary>
internal static class DefaultDeadline
{
    private const string Header = "grpc-timeout";

    public static RequestDelegate Around(RequestDelegate next, TimeSpan deadline)
    {
        string value = $"{(long)deadline.TotalMilliseconds}m";
        return context =>
        {
            if (context.Request.Path.Value!.StartsWith("/verifier.v1.", StringComparison.Ordinal) && !context.Request.Headers.ContainsKey(Header))
            {
                context.Request.Headers[Header] = value;
            }

            return next(context);
        };
    }
}
