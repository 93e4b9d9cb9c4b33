using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Verifier.TestKit.Kds;

/// <summary>Ways in which a key service, or whoever stands between, answers.</summary>
public static class KdsBehaviours
{
    /// <summary>What was published, or 404.</summary>
    public static KdsBehaviour Genuine { get; } = (context, genuine) =>
        genuine is null ? Write(context, StatusCodes.Status404NotFound, "text/plain", "no such certificate"u8.ToArray()) : Write(context, StatusCodes.Status200OK, "application/octet-stream", genuine);

    /// <summary>404 for everything.</summary>
    public static KdsBehaviour NotFound { get; } = Status(StatusCodes.Status404NotFound);

    /// <summary>Accepts the request and never answers.</summary>
    public static KdsBehaviour Hang { get; } = (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>Cuts the connection before the first byte.</summary>
    public static KdsBehaviour Cut { get; } = (context, _) =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    /// <summary>The genuine answer, one byte each 100 ms.</summary>
    public static KdsBehaviour SlowBody { get; } = async (context, genuine) =>
    {
        context.Response.ContentLength = genuine?.Length ?? 1000;
        foreach (byte b in genuine ?? new byte[1000])
        {
            await context.Response.Body.WriteAsync(new[] { b }, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(100, context.RequestAborted);
        }
    };

    /// <summary>Announces a gibibyte and begins to send it.</summary>
    public static KdsBehaviour HugeContentLength { get; } = (context, _) =>
    {
        context.Response.ContentLength = 1L << 30;
        return FloodAsync(context);
    };

    /// <summary>A chunked body without end.</summary>
    public static KdsBehaviour EndlessBody { get; } = (context, _) => FloodAsync(context);

    /// <summary>Ten mebibytes of zeros in a few kilobytes of gzip, although nobody asked for compression.</summary>
    public static KdsBehaviour GzipBomb { get; } = (context, _) =>
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(new byte[10 << 20]);
        }

        context.Response.Headers.ContentEncoding = "gzip";
        return Write(context, StatusCodes.Status200OK, "application/octet-stream", compressed.ToArray());
    };

    /// <summary>A page of a captive portal, with status 200.</summary>
    public static KdsBehaviour Html { get; } = (context, _) =>
        Write(context, StatusCodes.Status200OK, "text/html", "<!DOCTYPE html><html><body>Please log in</body></html>"u8.ToArray());

    /// <summary>200 and nothing.</summary>
    public static KdsBehaviour Empty { get; } = (context, _) => Write(context, StatusCodes.Status200OK, "application/octet-stream", ReadOnlyMemory<byte>.Empty);

    /// <summary>The genuine answer without its last bytes, well framed.</summary>
    public static KdsBehaviour Truncated { get; } = (context, genuine) =>
        Write(context, StatusCodes.Status200OK, "application/octet-stream", genuine?[..^7]);

    /// <summary>The genuine answer with one byte behind it.</summary>
    public static KdsBehaviour TrailingByte { get; } = (context, genuine) =>
        Write(context, StatusCodes.Status200OK, "application/octet-stream", (byte[])[.. genuine ?? [], 0]);

    /// <summary>PEM where DER is due.</summary>
    public static KdsBehaviour PemForDer { get; } = (context, genuine) =>
    {
        string pem = System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", genuine ?? []);
        return Write(context, StatusCodes.Status200OK, "application/x-pem-file", Encoding.ASCII.GetBytes(pem));
    };

    /// <summary>A status without a body.</summary>
    /// <param name="status">For example 500.</param>
    /// <returns>The behaviour.</returns>
    public static KdsBehaviour Status(int status) => (context, _) =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>429.</summary>
    /// <param name="retryAfter">The Retry-After header, or null for none.</param>
    /// <returns>The behaviour.</returns>
    public static KdsBehaviour Throttled(string? retryAfter = null) => (context, _) =>
    {
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Task.CompletedTask;
    };

    /// <summary>429 with Retry-After as a date.</summary>
    /// <param name="until">When to come back.</param>
    /// <returns>The behaviour.</returns>
    public static KdsBehaviour ThrottledUntil(DateTimeOffset until) => Throttled(until.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Sends the client elsewhere.</summary>
    /// <param name="status">301, 302, 303, 307 or 308.</param>
    /// <param name="target">Where to.</param>
    /// <returns>The behaviour.</returns>
    public static KdsBehaviour Redirect(int status, string target) => (context, _) =>
    {
        context.Response.Headers.Location = target;
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Other bytes than those that were asked for.</summary>
    /// <param name="body">The bytes.</param>
    /// <returns>The behaviour.</returns>
    public static KdsBehaviour Instead(ReadOnlyMemory<byte> body) => (context, _) => Write(context, StatusCodes.Status200OK, "application/octet-stream", body);

    /// <summary>Answers after a signal, so that a test decides when.</summary>
    /// <param name="gate">Completed when the answer may go out.</param>
    /// <returns>The behaviour.</returns>
    public static KdsBehaviour After(Task gate) => async (context, genuine) =>
    {
        await gate.WaitAsync(context.RequestAborted);
        await Genuine(context, genuine);
    };

    private static async Task FloodAsync(HttpContext context)
    {
        byte[] block = new byte[16 * 1024];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(block, context.RequestAborted);
        }
    }

    private static async Task Write(HttpContext context, int status, string type, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
