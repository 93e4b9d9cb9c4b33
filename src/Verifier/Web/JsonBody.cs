using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Web;

/// <summary>The bytes of a request's body, as they came and within a limit.</summary>
internal static class JsonBody
{
    private const int MostForNone = 1024;

    /// <exception cref="RpcException">It is too large, packed, or no JSON by its own word.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.Headers.ContentEncoding.ToString() is not ("" or "identity"))
        {
            throw RpcErrors.Plain(StatusCode.Unimplemented, ErrorReasons.EncodingNotSupported, "compressed requests are not taken");
        }

        // Pages of others can send forms and plain text without being asked about, but no JSON.
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
        {
            throw RpcErrors.Plain(StatusCode.Unimplemented, ErrorReasons.EncodingNotSupported, "the body must be sent as application/json, in UTF-8");
        }

        return await BytesAsync(request, limit, cancellation);
    }

    /// <exception cref="RpcException">There is one.</exception>
    public static async Task DemandNoneAsync(HttpRequest request, CancellationToken cancellation)
    {
        bool mayHaveOne = request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
        if (mayHaveOne && (await BytesAsync(request, MostForNone, cancellation)).Length > 0)
        {
            throw RpcErrors.Plain(StatusCode.InvalidArgument, ErrorReasons.MalformedMessage, "the method takes no body; its fields are given in the query");
        }
    }

    public static void Replace(HttpRequest request, string json)
    {
        byte[] body = Encoding.UTF8.GetBytes(json);
        request.Body = new MemoryStream(body);
        request.ContentLength = body.Length;
        request.ContentType = "application/json";
    }

    private static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
        {
            throw TooLarge();
        }

        // What is not read here is not read at all: the connection is closed.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } most)
        {
            most.MaxRequestBodySize = limit;
        }

        // A read that is waited for is woken by the reader itself: given the token, it would be left in a state that the server cannot go on with.
        PipeReader reader = request.BodyReader;
        using CancellationTokenRegistration wake = cancellation.Register(reader.CancelPendingRead);
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync(CancellationToken.None);
                bool isTooLarge = read.Buffer.Length > limit;
                byte[]? body = read is { IsCompleted: true, IsCanceled: false } && !isTooLarge ? read.Buffer.ToArray() : null;
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                cancellation.ThrowIfCancellationRequested();
                if (body is not null || isTooLarge)
                {
                    return body ?? throw TooLarge();
                }
            }
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge();
        }
        catch (BadHttpRequestException)
        {
            throw RpcErrors.Plain(StatusCode.InvalidArgument, ErrorReasons.MalformedMessage, "the body did not come as it was announced");
        }
    }

    private static RpcException TooLarge() =>
        RpcErrors.Plain(StatusCode.ResourceExhausted, ErrorReasons.RequestTooLarge, "the request is larger than the service takes");
}
