namespace Verifier.Service.Hosting;

/// <summary>
/// Gives a deadline to calls that come without one, by the header that a caller would have sent: the server then ends them itself,
/// slow bodies included (T98). Health watches and streams of many items or changes live as long as their caller wants; those have limits of their own.
/// </summary>
internal static class DefaultDeadline
{
    private const string Header = "grpc-timeout";
    
    // Case is of no account for routing, and so must be of none here.
    private static readonly HashSet<string> LongLived = new(StringComparer.OrdinalIgnoreCase)
    {
        "/verifier.v1.VerifierService/VerifyStream",
        "/verifier.v1.RegistryService/WatchReferenceValues",
        "/verifier.v1.LogService/ExportTenant",
        "/verifier.v1.LogService/ImportTenant",
    };

    public static RequestDelegate Around(RequestDelegate next, TimeSpan deadline)
    {
        string value = $"{(long)deadline.TotalMilliseconds}m";
        return context =>
        {
            string path = context.Request.Path.Value!;
            if (path.StartsWith("/verifier.v1.", StringComparison.OrdinalIgnoreCase) && !LongLived.Contains(path) && !context.Request.Headers.ContainsKey(Header))
            {
                context.Request.Headers[Header] = value;
            }

            return next(context);
        };
    }
}
