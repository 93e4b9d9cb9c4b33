using Google.Protobuf;
using Grpc.Core;
using Verifier.Client.Input;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Online;

/// <summary>Sends an IGVM file to be registered, a chunk at a time; the file is never held as a whole.</summary>
internal static class IgvmUpload
{
    private const int Chunk = 1 << 20;

    /// <param name="registry">The service.</param>
    /// <param name="options">Options of the call.</param>
    /// <param name="registration">What the file is; its size is filled in.</param>
    /// <param name="file">The file.</param>
    /// <param name="progress">Told of the bytes sent and those of the file.</param>
    public static async Task<V1.ReferenceValue> SendAsync(
        V1.RegistryService.RegistryServiceClient registry, CallOptions options, V1.IgvmRegistration registration, FileInfo file, Action<long, long> progress)
    {
        try
        {
            await using FileStream stream = InputFile.Open(file);
            registration.Provenance ??= new V1.Provenance();
            registration.Provenance.FileSize = stream.CanSeek ? (ulong)stream.Length : throw InputFile.NotOnDisk(file, "since its size is told first");
            return await SendAsync(registry, options, registration, stream, progress);
        }
        catch (Exception e) when (InputFile.IsUnreadable(e))
        {
            throw InputFile.Unreadable(file, e);
        }
    }

    private static async Task<V1.ReferenceValue> SendAsync(
        V1.RegistryService.RegistryServiceClient registry, CallOptions options, V1.IgvmRegistration registration, FileStream stream, Action<long, long> progress)
    {
        using AsyncClientStreamingCall<V1.RegisterIgvmRequest, V1.RegisterIgvmResponse> call = registry.RegisterIgvm(options);
        try
        {
            await call.RequestStream.WriteAsync(new V1.RegisterIgvmRequest { Registration = registration }, options.CancellationToken);
            await SendAsync(stream, call.RequestStream, progress, options.CancellationToken);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The service has refused before it had all; its answer, below, says why.
        }

        return (await call).ReferenceValue;
    }

    private static async Task SendAsync(FileStream stream, IClientStreamWriter<V1.RegisterIgvmRequest> requests, Action<long, long> progress, CancellationToken cancellation)
    {
        byte[] buffer = new byte[Chunk];
        long sent = 0;
        while (await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) is > 0 and var length)
        {
            await requests.WriteAsync(new V1.RegisterIgvmRequest { Chunk = ByteString.CopyFrom(buffer, 0, length) }, cancellation);
            progress(sent += length, stream.Length);
        }
    }
}
