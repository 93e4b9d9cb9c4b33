using Grpc.Core;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Online;

/// <summary>Sends firmware to be registered.</summary>
internal static class FirmwareUpload
{
    /// <param name="registry">The service.</param>
    /// <param name="options">Options of the call.</param>
    /// <param name="registration">What the firmware is; its size is filled in.</param>
    /// <param name="firmware">The firmware.</param>
    /// <param name="svsm">The stage 1 image, or null.</param>
    /// <param name="progress">Told of the bytes sent and those of the file.</param>
    public static async Task<V1.ReferenceValue> SendAsync(
        V1.RegistryService.RegistryServiceClient registry,
        CallOptions options,
        V1.FirmwareRegistration registration,
        FileInfo firmware,
        FileInfo? svsm,
        Action<FileInfo, long, long> progress)
    {
        await using FileStream stream = FileUpload.Open(firmware);
        await using FileStream? svsmStream = svsm is null ? null : FileUpload.Open(svsm);
        registration.Provenance ??= new V1.Provenance();
        registration.Provenance.FileSize = (ulong)stream.Length;
        using AsyncClientStreamingCall<V1.RegisterFirmwareRequest, V1.RegisterFirmwareResponse> call = registry.RegisterFirmware(options);
        return (await FileUpload.SendAsync(call, async requests =>
        {
            CancellationToken cancellation = options.CancellationToken;
            await requests.WriteAsync(new V1.RegisterFirmwareRequest { Registration = registration }, cancellation);
            await FileUpload.WriteAsync(
                requests, firmware, stream, c => new V1.RegisterFirmwareRequest { FirmwareChunk = c }, (sent, total) => progress(firmware, sent, total), cancellation);
            if (svsmStream is not null)
            {
                await FileUpload.WriteAsync(
                    requests, svsm!, svsmStream, c => new V1.RegisterFirmwareRequest { SvsmChunk = c }, (sent, total) => progress(svsm!, sent, total), cancellation);
            }
        })).ReferenceValue;
    }
}
