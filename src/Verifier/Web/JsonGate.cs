using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.Extensions.Options;
using Verifier.Service.Hosting;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Web;

/// <summary>
/// Stands before the library that turns JSON into calls. It reads each request strictly and hands on the same request in its one canonical
/// form, so that nothing which was meant as a demand gets lost on the way; it holds the limits of size and time that gRPC's server holds.
/// </summary>
internal sealed class JsonGate(IOptions<ServerOptions> server, JsonOutcome outcome)
{
    private readonly ConcurrentDictionary<MethodDescriptor, JsonRoute> _routes = [];
    private readonly int _mostBytes = server.Value.MaxRequestBytes;
    private readonly TimeSpan _deadline = server.Value.DefaultDeadline;

    public async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        if (!WebListener.IsWeb(context) || !WebListener.IsJson(context))
        {
            await next(context);
        }
        else if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } method)
        {
            // Routing takes other case and a slash at the end for the same; here a path has one form.
            JsonRoute route = _routes.GetOrAdd(method.MethodDescriptor, (called, rule) => new JsonRoute(called, rule), method.HttpRule);
            await (route.Values(context.Request.Path.Value!) is { } given ? CallAsync(context, route, given, next) : JsonOutcome.NotFoundAsync(context));
        }
        else
        {
            await JsonOutcome.NoMethodAsync(context, next);
        }
    }

    private async Task CallAsync(HttpContext context, JsonRoute route, IReadOnlyDictionary<string, string> given, RequestDelegate next)
    {
        CancellationToken caller = context.RequestAborted;
        bool isStream = route.Method.IsServerStreaming;
        TimeSpan? time = WebDeadline.Read(context.Request, isStream ? Timeout.InfiniteTimeSpan : _deadline);
        using WebDeadline deadline = new(time ?? _deadline, caller);
        try
        {
            if (time is null)
            {
                throw RpcErrors.Plain(StatusCode.InvalidArgument, ErrorReasons.MalformedMessage, "the header 'grpc-timeout' must be a number of at most 8 digits and one of H, M, S, m, u, n");
            }

            await ReadAsync(context.Request, route, given, deadline.Token);
        }
        catch (RpcException refused)
        {
            await JsonOutcome.RefuseAsync(context, refused);
            return;
        }
        catch (OperationCanceledException) when (deadline.HasPassed)
        {
            await JsonOutcome.RefuseAsync(context, JsonOutcome.TooLate());
            return;
        }

        context.RequestAborted = deadline.Token;
        await (isStream ? next(context) : outcome.OfAsync(context, deadline, next, caller));
    }

    private async Task ReadAsync(HttpRequest request, JsonRoute route, IReadOnlyDictionary<string, string> given, CancellationToken cancellation)
    {
        StrictQuery.Check(request.Query, route, given);
        request.Headers.Remove("grpc-encoding");
        if (route.BodyType is not { } type)
        {
            await JsonBody.DemandNoneAsync(request, cancellation);
            return;
        }

        // Base64 takes four characters for three bytes; the rest is for names and white space.
        ReadOnlyMemory<byte> body = await JsonBody.ReadAsync(request, 2 * _mostBytes, cancellation);
        IMessage message = StrictBody.Read(body, type, route.BodyField?.Name ?? "");
        if (message.CalculateSize() > _mostBytes)
        {
            throw RpcErrors.Plain(StatusCode.ResourceExhausted, ErrorReasons.RequestTooLarge, "the request is larger than the service takes");
        }

        DemandSamePath(message, route, given);
        JsonBody.Replace(request, JsonFormatter.Default.Format(message));
    }

    // What is read from one answer may be sent back as it is, under its own name only.
    private static void DemandSamePath(IMessage message, JsonRoute route, IReadOnlyDictionary<string, string> given)
    {
        FieldViolations violations = new();
        foreach ((string path, string value) in given)
        {
            string[] names = path.Split('.');
            if (route.BodyField is { } body && names[0] != body.Name)
            {
                continue;
            }

            if (Text(message, names.AsSpan(route.BodyField is null ? 0 : 1)) is { Length: > 0 } text && text != value)
            {
                violations.Root.Field(path).Fail(ViolationReasons.Contradictory, "differs from the path");
            }
        }

        violations.ThrowIfAny();
    }

    private static string? Text(IMessage message, ReadOnlySpan<string> names)
    {
        FieldDescriptor field = message.Descriptor.FindFieldByName(names[0]);
        object? value = field.Accessor.GetValue(message);
        return names.Length == 1 ? value as string : value is IMessage inner ? Text(inner, names[1..]) : null;
    }
}
