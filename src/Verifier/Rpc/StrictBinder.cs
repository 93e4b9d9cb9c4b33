using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc;

/// <summary>
/// Binds methods with a strict reading of requests: a message that does not parse is the caller's fault and not a defect (T93), and
/// one with fields that this service does not know is refused. An expectation that was silently dropped would be a check not made.
/// Methods of one service may be bound by several classes, each naming its own.
/// </summary>
internal sealed class StrictBinder(ServiceBinderBase inner, Func<string, bool>? binds = null) : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
    {
        if (binds?.Invoke(method.Name) ?? true)
        {
            inner.AddMethod(Strict(method), handler!);
        }
    }

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
    {
        if (binds?.Invoke(method.Name) ?? true)
        {
            inner.AddMethod(Strict(method), handler!);
        }
    }

    private static Method<TRequest, TResponse> Strict<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class
    {
        MessageParser parser = ((IMessage)Activator.CreateInstance<TRequest>()).Descriptor.Parser;
        MessageParser forgetful = parser.WithDiscardUnknownFields(true);
        Marshaller<TRequest> strict = Marshallers.Create(
            method.RequestMarshaller.ContextualSerializer, context => (TRequest)Read(parser, forgetful, context.PayloadAsReadOnlySequence()));
        return new Method<TRequest, TResponse>(method.Type, method.ServiceName, method.Name, strict, method.ResponseMarshaller);
    }

    private static IMessage Read(MessageParser parser, MessageParser forgetful, ReadOnlySequence<byte> payload)
    {
        try
        {
            IMessage message = parser.ParseFrom(payload);

            // Read again without unknown fields: the two differ in size when there are any, at whatever depth.
            return message.CalculateSize() == forgetful.ParseFrom(payload).CalculateSize()
                ? message
                : throw RpcErrors.Plain(
                    StatusCode.InvalidArgument, ErrorReasons.UnknownFields, "the request has fields that this service does not know; it may be older than the caller");
        }
        catch (InvalidProtocolBufferException)
        {
            throw RpcErrors.Plain(StatusCode.InvalidArgument, ErrorReasons.MalformedMessage, "the request is not a well-formed message");
        }
    }
}
