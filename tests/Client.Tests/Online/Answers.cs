using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Verifier.Contracts.V1;
using Status = Google.Rpc.Status;

namespace Verifier.Client.Tests.Online;

/// <summary>What the fake service says, in order, and what it was asked.</summary>
internal sealed class Answers
{
    private readonly ConcurrentQueue<object> _queue = new();

    public ConcurrentQueue<(IMessage Request, string? Authorization)> Asked { get; } = new();

    /// <summary>Gives the answers once the queue is empty.</summary>
    public Func<IMessage>? Otherwise { get; set; }

    /// <summary>The file that came with the last registration.</summary>
    public byte[] File { get; internal set; } = [];

    /// <summary>The stage 1 image that was sent.</summary>
    public byte[] Svsm { get; internal set; } = [];

    /// <summary>Done once the first message of an upload is here.</summary>
    public Func<ServerCallContext, Task> Upload { get; set; } = _ => Task.CompletedTask;

    /// <summary>The watch that was begun last.</summary>
    public ServerCallContext? Watching { get; internal set; }

    /// <summary>Tells changes.</summary>
    public Func<WatchReferenceValuesRequest, IServerStreamWriter<WatchReferenceValuesResponse>, CancellationToken, Task> Watch { get; set; } = (_, _, _) => Task.CompletedTask;

    public void Give(IMessage message) => _queue.Enqueue(message);

    public void Fail(RpcException failure) => _queue.Enqueue(failure);

    /// <summary>Fails the next call, with google.rpc details like the service's.</summary>
    public void Fail(StatusCode code, string message, params IMessage[] details)
    {
        Status status = new() { Code = (int)code, Message = message };
        status.Details.AddRange(details.Select(Any.Pack));
        _queue.Enqueue(status.ToRpcException());
    }

    public static ErrorInfo Reason(string reason, params (string Key, string Value)[] metadata)
    {
        ErrorInfo info = new() { Reason = reason, Domain = "verifier.v1" };
        foreach ((string key, string value) in metadata)
        {
            info.Metadata[key] = value;
        }

        return info;
    }

    public T Request<T>()
        where T : IMessage => Assert.IsType<T>(Assert.Single(Asked).Request);

    internal Task<T> Next<T>(IMessage request, ServerCallContext context)
    {
        Asked.Enqueue((request, context.RequestHeaders.GetValue("authorization")));
        return _queue.TryDequeue(out object? next) switch
        {
            true when next is T answer => Task.FromResult(answer),
            true when next is RpcException failure => throw failure,
            false when Otherwise?.Invoke() is T answer => Task.FromResult(answer),
            _ => throw new RpcException(new Grpc.Core.Status(StatusCode.Internal, "the test gave no answer")),
        };
    }
}
