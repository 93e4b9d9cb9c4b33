using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Verifier.Service.Rpc;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Tests.Rpc;

/// <summary>
/// Requests read twice, once without what is not known: there are unknown fields when the two differ in size. It takes twice as long, and asks
/// nobody but the reader what is known: what the service makes of a request must be the same.
/// </summary>
internal static class TwoReadings
{
    public const string IsRead = "read";

    /// <summary>Reads a request as the service does, and twice: it comes to the same.</summary>
    /// <param name="type">What it is to be.</param>
    /// <param name="request">As it is on the wire.</param>
    /// <param name="piece">In how long pieces the service is given it.</param>
    /// <returns>The reason of the refusal, or that it is read.</returns>
    public static string Same(MessageDescriptor type, byte[] request, int piece = int.MaxValue)
    {
        string expected = Of(type, request, out IMessage? message);
        Assert.Equal((expected, message), Strictly(type, Piece.Of(request, Math.Min(piece, request.Length + 1))));

        // Of a stream, each message is looked at when it is read.
        if (message is not null || expected == ErrorReasons.UnknownFields)
        {
            Assert.Equal(message is null, StrictBinder.HasUnknownFields(type.Parser.ParseFrom(request)));
        }

        return expected;
    }

    private static string Of(MessageDescriptor type, byte[] request, out IMessage? message)
    {
        message = null;
        if (!MessageShape.Of(type, new ReadOnlySequence<byte>(request)).IsBounded)
        {
            return ErrorReasons.RequestTooLarge;
        }

        try
        {
            IMessage whole = type.Parser.ParseFrom(request);
            if (whole.CalculateSize() != type.Parser.WithDiscardUnknownFields(true).ParseFrom(request).CalculateSize())
            {
                return ErrorReasons.UnknownFields;
            }

            message = whole;
            return IsRead;
        }
        catch (InvalidProtocolBufferException)
        {
            return ErrorReasons.MalformedMessage;
        }
    }

    private static (string Reason, IMessage? Message) Strictly(MessageDescriptor type, ReadOnlySequence<byte> request)
    {
        try
        {
            return (IsRead, StrictBinder.Read(type, request));
        }
        catch (RpcException refusal)
        {
            return (refusal.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason, null);
        }
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Of(byte[] bytes, int length)
        {
            Piece first = new() { Memory = bytes.AsMemory(0, Math.Min(length, bytes.Length)) };
            Piece last = first;
            for (int at = length; at < bytes.Length; at += length)
            {
                Piece next = new() { Memory = bytes.AsMemory(at, Math.Min(length, bytes.Length - at)), RunningIndex = at };
                (last.Next, last) = (next, next);
            }

            return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }
    }
}
