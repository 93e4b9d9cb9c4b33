using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
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

    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
    {
        if (binds?.Invoke(method.Name) ?? true)
        {
            inner.AddMethod(Strict(method), handler!);
        }
    }

    /// <summary>Of a stream in both directions each message is answered by itself: its method looks for unknown fields, and says so there.</summary>
    public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
    {
        if (binds?.Invoke(method.Name) ?? true)
        {
            inner.AddMethod(WithParser(method, parser => context => Parse(parser, context.PayloadAsReadOnlySequence())), handler!);
        }
    }

    /// <summary>Whether a message has fields, at whatever depth, that this service does not know.</summary>
    public static bool HasUnknownFields(IMessage message) =>
        message.CalculateSize() != message.Descriptor.Parser.WithDiscardUnknownFields(true).ParseFrom(message.ToByteString()).CalculateSize();

    public static RpcException UnknownFields() => RpcErrors.Plain(
        StatusCode.InvalidArgument, ErrorReasons.UnknownFields, "the request has fields that this service does not know; it may be older than the caller");

    private static RpcException TooManyFields() => RpcErrors.Plain(
        StatusCode.ResourceExhausted, ErrorReasons.RequestTooLarge, $"the request has more than the {MessageShape.MostFields} fields that the service takes");

    private static Method<TRequest, TResponse> Strict<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class
    {
        return WithParser(method, parser =>
        {
            MessageParser forgetful = parser.WithDiscardUnknownFields(true);
            return context => Read(parser, forgetful, context.PayloadAsReadOnlySequence());
        });
    }

    private static Method<TRequest, TResponse> WithParser<TRequest, TResponse>(
        Method<TRequest, TResponse> method, Func<MessageParser, Func<DeserializationContext, IMessage>> reading)
        where TRequest : class
        where TResponse : class
    {
        MessageDescriptor type = ((IMessage)Activator.CreateInstance<TRequest>()).Descriptor;
        Func<DeserializationContext, IMessage> read = reading(type.Parser);
        Marshaller<TRequest> marshaller = Marshallers.Create(
            method.RequestMarshaller.ContextualSerializer,
            context => MessageShape.IsBounded(type, context.PayloadAsReadOnlySequence()) ? (TRequest)read(context) : throw TooManyFields());
        return new Method<TRequest, TResponse>(method.Type, method.ServiceName, method.Name, marshaller, method.ResponseMarshaller);
    }

    private static IMessage Read(MessageParser parser, MessageParser forgetful, ReadOnlySequence<byte> payload)
    {
        IMessage message = Parse(parser, payload);

        // Read again without unknown fields: the two differ in size when there are any, at whatever depth.
        return message.CalculateSize() == Parse(forgetful, payload).CalculateSize() ? message : throw UnknownFields();
    }

    private static IMessage Parse(MessageParser parser, ReadOnlySequence<byte> payload)
    {
        try
        {
            return parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException)
        {
            throw RpcErrors.Plain(StatusCode.InvalidArgument, ErrorReasons.MalformedMessage, "the request is not a well-formed message");
        }
    }
}
