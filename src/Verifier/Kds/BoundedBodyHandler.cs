namespace Verifier.Service.Kds;

/// <summary>
/// Reads the whole body here, inside the time limits and repeats around it, and never more of it than the request allows. Bodies of
/// anything but 200 are not read at all.
/// </summary>
internal sealed class BoundedBodyHandler : DelegatingHandler
{
    public static readonly HttpRequestOptionsKey<int> MaxSize = new("Kds.MaxSize");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.TryGetValue(MaxSize, out int limit);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        try
        {
            byte[] body = response.StatusCode == System.Net.HttpStatusCode.OK && response.Content.Headers.ContentEncoding.Count == 0
                ? await ReadAsync(response.Content, limit, cancellationToken)
                : [];
            ByteArrayContent content = new(body);
            foreach (string encoding in response.Content.Headers.ContentEncoding)
            {
                content.Headers.ContentEncoding.Add(encoding);
            }

            response.Content.Dispose();
            response.Content = content;
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, int limit, CancellationToken cancellation)
    {
        if (content.Headers.ContentLength > limit)
        {
            throw new BodyTooLargeException();
        }

        await using Stream stream = await content.ReadAsStreamAsync(cancellation);
        byte[] buffer = new byte[limit + 1];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length <= limit ? buffer[..length] : throw new BodyTooLargeException();
    }
}

/// <summary>A body longer than was allowed.</summary>
internal sealed class BodyTooLargeException() : Exception("The answer is larger than is allowed.");
