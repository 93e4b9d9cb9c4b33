using Grpc.Core;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Online;

/// <summary>Sends an IGVM file to be registered.</summary>
internal static class IgvmUpload
{
    /// <param name="registry">The service.</param>
    /// <param name="options">Options of the call.</param>
    /// <param name="registration">What the file is; its size is filled in.</param>
    /// <param name="file">The file.</param>
    /// <param name="progress">Told of the bytes sent and those of the file.</param>
    public static async Task<V1.ReferenceValue> SendAsync(
        V1.RegistryService.RegistryServiceClient registry, CallOptions options, V1.IgvmRegistration registration, FileInfo file, Action<long, long> progress)
    {
        await using FileStream stream = FileUpload.Open(file);
        registration.Provenance ??= new V1.Provenance();
        registration.Provenance.FileSize = (ulong)stream.Length;
        using AsyncClientStreamingCall<V1.RegisterIgvmRequest, V1.RegisterIgvmResponse> call = registry.RegisterIgvm(options);
        return (await FileUpload.SendAsync(call, async requests =>
        {
            await requests.WriteAsync(new V1.RegisterIgvmRequest { Registration = registration }, options.CancellationToken);
            await FileUpload.WriteAsync(requests, file, stream, c => new V1.RegisterIgvmRequest { Chunk = c }, progress, options.CancellationToken);
        })).ReferenceValue;
    }
}
