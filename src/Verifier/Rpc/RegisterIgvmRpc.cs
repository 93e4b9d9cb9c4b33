using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Registry;
using Verifier.Service.Registry.Files;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Rpc.Mapping;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Verifier.Service.Rpc;

/// <summary>
/// Registration from a file, which comes in pieces. Apart from the other methods of the registry, whose requests stay under the small
/// limit.
/// </summary>
[BindServiceMethod(typeof(RegisterIgvmRpc), nameof(Bind))]
internal sealed class RegisterIgvmRpc(ReferenceValueRegistry registry, FilePlaces places, IgvmRegistrar registrar, TimeProvider clock) : RegistryService.RegistryServiceBase
{
    public static ServiceDescriptor Descriptor => RegistryService.Descriptor;

    public static void Bind(ServiceBinderBase binder, RegistryService.RegistryServiceBase service) =>
        RegistryService.BindService(new StrictBinder(binder, method => method == nameof(RegisterIgvm)), service);

    public override async Task<RegisterIgvmResponse> RegisterIgvm(IAsyncStreamReader<RegisterIgvmRequest> requestStream, ServerCallContext context)
    {
        RegisterIgvmRequest first = await ChunkedFile.NextAsync(requestStream, context.CancellationToken) ? requestStream.Current : new RegisterIgvmRequest();
        IgvmRegistrationDraft draft = IgvmRegistrationReader.Read(first, clock.GetUtcNow());
        if (draft.Value.Provenance.FileSize > (ulong)places.MaxFileBytes)
        {
            throw FileErrors.TooLarge(places.MaxFileBytes);
        }

        using IDisposable place = places.TryEnter(draft.Value.Name.Tenant) ?? throw FileErrors.Busy();
        ReadOnlyMemory<byte> file = await ReceiveAsync(requestStream, context.CancellationToken);
        FileOutcome.Measured measured = FileErrors.Unwrap(await registrar.MeasureAsync(draft, file, context.CancellationToken));
        RequestKey? key = IgvmRegistrationReader.Key(first.Registration, measured.Value.Provenance);
        ChangeOutcome outcome = await registry.CreateComputedAsync(measured.Value, measured.File, measured.Near, context.Order(key, first.Registration.ValidateOnly), context.CancellationToken);
        return new RegisterIgvmResponse { ReferenceValue = ChangeMapping.Unwrap(outcome, draft.Value.Name) };
    }

    private async Task<ReadOnlyMemory<byte>> ReceiveAsync(IAsyncStreamReader<RegisterIgvmRequest> stream, CancellationToken cancellation)
    {
        ChunkedFile file = new("chunk", places.MaxFileBytes);
        while (await ChunkedFile.NextAsync(stream, cancellation))
        {
            if (stream.Current.PartCase != RegisterIgvmRequest.PartOneofCase.Chunk)
            {
                throw FileErrors.Chunk("chunk", ViolationReasons.Required, "is required in every message but the first");
            }

            file.Add(stream.Current.Chunk);
        }

        return file.Content;
    }
}
