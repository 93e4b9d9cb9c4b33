using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Verifier.Service.Web;
using Verifier.Tests.Hosting;

namespace Verifier.Tests.Web;

/// <summary>What a method is given is, field by field, what was written as JSON: whatever reads it in between.</summary>
public sealed class NothingIsLostTests
{
    private const int Rounds = 6;

    [Fact]
    public async Task EveryMethod_IsGivenWhatWasWritten()
    {
        Catcher catcher = new();
        await using TestService service = await TestService.StartAsync(["--Web:Port=0"], configure: builder =>
        {
            builder.Services.AddSingleton(catcher);
            builder.Services.AddGrpc(options => options.Interceptors.Add<Catcher>());
        });
        RandomMessages random = new(seed: 7);
        MethodDescriptor[] methods = [.. WebRoutes.Files.SelectMany(f => f.Services).SelectMany(s => s.Methods).Where(m => WebRoutes.RuleOf(m) is { Body.Length: > 0 })];
        Assert.True(methods.Length >= 15, $"{methods.Length}");
        foreach (MethodDescriptor method in methods)
        {
            JsonRoute route = new(method, WebRoutes.RuleOf(method)!);
            string path = WebRoutes.PathOf(method);
            for (int round = 0; round < Rounds; round++)
            {
                IMessage expected = method.InputType.Parser.ParseFrom(ByteString.Empty);
                IMessage body = random.Of(route.BodyType!);
                if (route.BodyField is { } field)
                {
                    field.Accessor.SetValue(expected, body);
                }
                else
                {
                    expected = body;
                }

                foreach ((string name, string value) in route.Values(path)!)
                {
                    Set(expected, name.Split('.'), value);
                }

                catcher.Caught = null;
                using HttpRequestMessage request = WebCalls.Request(new HttpMethod(WebRoutes.VerbOf(method)), path, WebCalls.Json(JsonFormatter.Default.Format(body)));
                WebAnswer answer = await service.SendAsync(request);

                Assert.True(expected.Equals(catcher.Caught), $"{method.FullName}\n{expected}\n{catcher.Caught}\n{answer.Text}");
            }
        }
    }

    // The path gives these too, and body and path must agree: here they do, by what is put into the same message.
    private static void Set(IMessage message, ReadOnlySpan<string> names, string value)
    {
        FieldDescriptor field = message.Descriptor.FindFieldByName(names[0]);
        if (names.Length == 1)
        {
            field.Accessor.SetValue(message, value);
        }
        else
        {
            Set((IMessage)field.Accessor.GetValue(message), names[1..], value);
        }
    }

    /// <summary>Keeps what a method would have been given.</summary>
    private sealed class Catcher : Interceptor
    {
        public object? Caught { get; set; }

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            Caught = request;
            throw new RpcException(new Status(StatusCode.Aborted, "caught"));
        }
    }
}
