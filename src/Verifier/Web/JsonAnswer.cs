using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Verifier.Service.Telemetry;

namespace Verifier.Service.Web;

/// <summary>Errors as JSON: a <c>google.rpc.Status</c>, as gRPC would have sent it.</summary>
internal static class JsonAnswer
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(DetailTypes));

    /// <summary>The kinds of details that errors have. What is not named here cannot be written.</summary>
    public static TypeRegistry DetailTypes => TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor);

    public static async Task WriteAsync(HttpContext context, int httpStatus, RpcException error)
    {
        byte[] body = Encoding.UTF8.GetBytes(Formatter.Format(error.GetRpcStatus()!));
        context.Features.Set(new CallOutcome(error.StatusCode));
        context.Response.StatusCode = httpStatus;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
