using System.Globalization;
using System.Text.Json;
using Google.Rpc;
using Grpc.Core;

namespace Verifier.Service.Web;

/// <summary>The header that tells HTTP clients when to come back. It counts whole seconds; the error in the body says it exactly.</summary>
internal static class RetryAfter
{
    public static void Set(HttpContext context, RpcException error) => Set(context, error.GetRpcStatus()?.GetDetail<RetryInfo>()?.RetryDelay?.ToTimeSpan());

    /// <summary>Takes it from an error that is already written as JSON.</summary>
    public static void Set(HttpContext context, ReadOnlyMemory<byte> body)
    {
        if (context.Response.StatusCode is not (StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable))
        {
            return;
        }

        using JsonDocument error = JsonDocument.Parse(body);
        JsonElement told = error.RootElement.GetProperty("details").EnumerateArray().FirstOrDefault(d => d.TryGetProperty("retryDelay", out _));
        if (told.ValueKind == JsonValueKind.Object
            && double.TryParse(told.GetProperty("retryDelay").GetString()?.TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
        {
            Set(context, TimeSpan.FromSeconds(seconds));
        }
    }

    private static void Set(HttpContext context, TimeSpan? delay)
    {
        if (delay is { } time)
        {
            context.Response.Headers.RetryAfter = ((long)Math.Max(1, Math.Ceiling(time.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        }
    }
}
