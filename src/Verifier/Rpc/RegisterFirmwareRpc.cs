using Grpc.Core;
using SevSnp.Firmware;
using Verifier.Contracts.V1;
using Verifier.Service.Registry;
using Verifier.Service.Registry.Files;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Rpc.Mapping;
using Part = Verifier.Contracts.V1.RegisterFirmwareRequest.PartOneofCase;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Verifier.Service.Rpc;

/// <summary>Registration of firmware, whose files come in pieces; as <see cref="RegisterIgvmRpc"/>.</summary>
[BindServiceMethod(typeof(RegisterFirmwareRpc), nameof(Bind))]
internal sealed class RegisterFirmwareRpc(ReferenceValueRegistry registry, FilePlaces places, TimeProvider clock) : RegistryService.RegistryServiceBase
{
    private int MaxBytes => Math.Min(places.MaxFileBytes, FirmwareLimits.MaxImageBytes);

    public static ServiceDescriptor Descriptor => RegistryService.Descriptor;

    public static void Bind(ServiceBinderBase binder, RegistryService.RegistryServiceBase service) =>
        RegistryService.BindService(new StrictBinder(binder, method => method == nameof(RegisterFirmware)), service);

    public override async Task<RegisterFirmwareResponse> RegisterFirmware(IAsyncStreamReader<RegisterFirmwareRequest> requestStream, ServerCallContext context)
    {
        RegisterFirmwareRequest first = await ChunkedFile.NextAsync(requestStream, context.CancellationToken) ? requestStream.Current : new RegisterFirmwareRequest();
        FirmwareRegistrationDraft draft = FirmwareRegistrationReader.Read(first, clock.GetUtcNow());
        if (draft.Value.Provenance.FileSize > (ulong)MaxBytes)
        {
            throw FileErrors.TooLarge(MaxBytes);
        }

        using IDisposable place = places.TryEnter(draft.Value.Name.Tenant) ?? throw FileErrors.Busy();
        (ReadOnlyMemory<byte> firmware, ReadOnlyMemory<byte> svsm) = await ReceiveAsync(requestStream, context.CancellationToken);
        FileOutcome.Measured measured = FileErrors.Unwrap(await FirmwareRegistrar.MeasureAsync(draft, firmware, svsm, context.CancellationToken));
        RequestKey? key = FirmwareRegistrationReader.Key(first.Registration, firmware.Span, svsm.Span);
        ChangeOutcome outcome = await registry.CreateComputedAsync(measured.Value, measured.File, measured.Near, context.Order(key, first.Registration.ValidateOnly), context.CancellationToken);
        return new RegisterFirmwareResponse { ReferenceValue = ChangeMapping.Unwrap(outcome, draft.Value.Name) };
    }

    private async Task<(ReadOnlyMemory<byte> Firmware, ReadOnlyMemory<byte> Svsm)> ReceiveAsync(
        IAsyncStreamReader<RegisterFirmwareRequest> stream, CancellationToken cancellation)
    {
        ChunkedFile firmware = new("firmware_chunk", MaxBytes), svsm = new("svsm_chunk", MaxBytes);
        while (await ChunkedFile.NextAsync(stream, cancellation))
        {
            RegisterFirmwareRequest next = stream.Current;
            switch (next.PartCase)
            {
                case Part.FirmwareChunk:
                    firmware.Add(next.FirmwareChunk);
                    break;
                case Part.SvsmChunk:
                    svsm.Add(next.SvsmChunk);
                    break;
                default:
                    throw FileErrors.Chunk("firmware_chunk", ViolationReasons.Required, "or svsm_chunk is required in every message but the first");
            }

            if (firmware.Length > MaxBytes - svsm.Length)
            {
                throw FileErrors.TooLarge(MaxBytes);
            }
        }

        return (firmware.Content, svsm.Content);
    }
}
