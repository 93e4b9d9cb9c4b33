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
            inner.AddMethod(With(method, (type, payload) => ReadBounded(type, payload, out _)), handler!);
        }
    }

    /// <summary>A request from the wire. It is refused for too many fields, then for not being a message, then for fields that are not known.</summary>
    /// <exception cref="RpcException">It is refused.</exception>
    public static IMessage Read(MessageDescriptor type, ReadOnlySequence<byte> payload)
    {
        IMessage message = ReadBounded(type, payload, out bool isKnown);
        return isKnown || message.CalculateSize() == Parse(Forgetful(type), payload).CalculateSize() ? message : throw UnknownFields();
    }

    /// <summary>Whether a message has fields, at whatever depth, that this service does not know.</summary>
    public static bool HasUnknownFields(IMessage message)
    {
        int size = message.CalculateSize();
        byte[] bytes = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            message.WriteTo(bytes.AsSpan(0, size));
            ReadOnlySequence<byte> written = new(bytes, 0, size);
            return !MessageShape.Of(message.Descriptor, written).IsKnown && size != Forgetful(message.Descriptor).ParseFrom(written).CalculateSize();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public static RpcException UnknownFields() => RpcErrors.Plain(
        StatusCode.InvalidArgument, ErrorReasons.UnknownFields, "the request has fields that this service does not know; it may be older than the caller");

    private static RpcException TooManyFields() => RpcErrors.Plain(
        StatusCode.ResourceExhausted, ErrorReasons.RequestTooLarge, $"the request has more than the {MessageShape.MostFields} fields that the service takes");

    // What may have unknown fields is read again without them: the two differ in size when there are any, at whatever depth. That a message has none
    // is seen by its shape, so that hardly any is read twice but those that are refused.
    private static MessageParser Forgetful(MessageDescriptor type) => type.Parser.WithDiscardUnknownFields(true);

    private static Method<TRequest, TResponse> Strict<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class
        => With(method, Read);

    private static Method<TRequest, TResponse> With<TRequest, TResponse>(
        Method<TRequest, TResponse> method, Func<MessageDescriptor, ReadOnlySequence<byte>, IMessage> read)
        where TRequest : class
        where TResponse : class
    {
        MessageDescriptor type = ((IMessage)Activator.CreateInstance<TRequest>()).Descriptor;
        Marshaller<TRequest> marshaller = Marshallers.Create(
            method.RequestMarshaller.ContextualSerializer, context => (TRequest)read(type, context.PayloadAsReadOnlySequence()));
        return new Method<TRequest, TResponse>(method.Type, method.ServiceName, method.Name, marshaller, method.ResponseMarshaller);
    }

    private static IMessage ReadBounded(MessageDescriptor type, ReadOnlySequence<byte> payload, out bool isKnown)
    {
        MessageShape shape = MessageShape.Of(type, payload);
        isKnown = shape.IsKnown;
        return shape.IsBounded ? Parse(type.Parser, payload) : throw TooManyFields();
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
