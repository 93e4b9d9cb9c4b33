using Google.Protobuf;
using Grpc.Core;
using Verifier.Client.Input;

namespace Verifier.Client.Online;

/// <summary>Sends files to be registered, a chunk at a time; they are never held as a whole.</summary>
internal static class FileUpload
{
    private const int Chunk = 1 << 20;

    // For a status that the service has sent before the connection broke off. There need not be any end: HTTP begins a stream that was refused anew by itself, and
    // that one waits for a file of which the beginning is gone.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>Opens a file whose size is told before it is sent.</summary>
    public static FileStream Open(FileInfo file)
    {
        FileStream? stream = null;
        try
        {
            stream = InputFile.Open(file);
            return stream.CanSeek ? stream : throw InputFile.NotOnDisk(file, "since its size is told first");
        }
        catch (Exception e) when (InputFile.IsUnreadable(e))
        {
            throw InputFile.Unreadable(file, e);
        }
        catch (CommandFailure)
        {
            stream?.Dispose();
            throw;
        }
    }

    /// <summary>Sends what a registration consists of, and waits for the answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="send">Writes all messages.</param>
    public static async Task<TResponse> SendAsync<TRequest, TResponse>(AsyncClientStreamingCall<TRequest, TResponse> call, Func<IClientStreamWriter<TRequest>, Task> send)
    {
        Exception? broken = null;
        try
        {
            await send(call.RequestStream);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The service has refused before it had all; its answer, below, says why.
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            broken = e;
        }

        try
        {
            return await (broken is null ? call.ResponseAsync : call.ResponseAsync.WaitAsync(LongestWait));
        }
        catch (RpcException e) when (BrokenCall.Is(e))
        {
            throw BrokenOff(BrokenCall.Cause(e));
        }
        catch (TimeoutException) when (broken is not null)
        {
            call.Dispose();
            throw BrokenOff(broken.GetBaseException().Message);
        }
    }

    /// <summary>Writes a file, each chunk as one message.</summary>
    public static async Task WriteAsync<TRequest>(
        IClientStreamWriter<TRequest> requests, FileInfo file, FileStream stream, Func<ByteString, TRequest> message, Action<long, long> progress, CancellationToken cancellation)
    {
        byte[] buffer = new byte[Chunk];
        long sent = 0;
        while (await ReadAsync(file, stream, buffer, cancellation) is > 0 and var length)
        {
            await requests.WriteAsync(message(ByteString.CopyFrom(buffer, 0, length)), cancellation);
            progress(sent += length, stream.Length);
        }
    }

    private static CommandFailure BrokenOff(string cause) => new(
        ExitCode.Outage, $"the connection broke off before the service had answered: {cause}", "the change may stand already: look, or repeat the same command");

    private static async Task<int> ReadAsync(FileInfo file, FileStream stream, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        }
        catch (Exception e) when (InputFile.IsUnreadable(e))
        {
            throw InputFile.Unreadable(file, e);
        }
    }
}
