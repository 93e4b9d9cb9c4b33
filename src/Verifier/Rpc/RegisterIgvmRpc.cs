using Grpc.Core;
using Verifier.Contracts.V1;
using Verifier.Service.Registry;
using Verifier.Service.Registry.Files;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Rpc.Mapping;

namespace Verifier.Service.Rpc;

/// <summary>
/// Registration from a file, which comes in pieces. Apart from the other methods of the registry, whose requests stay under the small
/// limit.
/// </summary>
[BindServiceMethod(typeof(RegisterIgvmRpc), nameof(Bind))]
internal sealed class RegisterIgvmRpc(ReferenceValueRegistry registry, IgvmRegistrar registrar, TimeProvider clock) : RegistryService.RegistryServiceBase
{
    /// <summary>The largest chunk and what surrounds it.</summary>
    public const int MaxMessageBytes = LargestChunk + 1024;

    private const int LargestChunk = 1 << 20;
    private const int SmallestChunk = 64 << 10;

    public static void Bind(ServiceBinderBase binder, RegistryService.RegistryServiceBase service) =>
        RegistryService.BindService(new StrictBinder(binder, method => method == nameof(RegisterIgvm)), service);

    public override async Task<RegisterIgvmResponse> RegisterIgvm(IAsyncStreamReader<RegisterIgvmRequest> requestStream, ServerCallContext context)
    {
        RegisterIgvmRequest first = await NextAsync(requestStream, context.CancellationToken) ? requestStream.Current : new RegisterIgvmRequest();
        IgvmRegistrationDraft draft = IgvmRegistrationReader.Read(first, clock.GetUtcNow());
        if (draft.Value.Provenance.FileSize > (ulong)registrar.MaxFileBytes)
        {
            throw FileErrors.TooLarge(registrar.MaxFileBytes);
        }

        using IDisposable place = registrar.TryEnter() ?? throw FileErrors.Busy();
        ReadOnlyMemory<byte> file = await ReceiveAsync(requestStream, context.CancellationToken);
        FileOutcome.Measured measured = FileErrors.Unwrap(await registrar.MeasureAsync(draft, file, context.CancellationToken));
        RequestKey? key = IgvmRegistrationReader.Key(first.Registration, measured.Value.Provenance);
        ChangeOutcome outcome = await registry.CreateComputedAsync(measured.Value, measured.File, measured.Near, key, context.CancellationToken);
        return new RegisterIgvmResponse { ReferenceValue = ChangeMapping.Unwrap(outcome, draft.Value.Name) };
    }

    // A caller that goes away in mid-stream shows as a broken stream, perhaps before it shows as a cancelled call.
    private static async Task<bool> NextAsync(IAsyncStreamReader<RegisterIgvmRequest> stream, CancellationToken cancellation)
    {
        try
        {
            return await stream.MoveNext(cancellation);
        }
        catch (IOException)
        {
            throw RpcErrors.Plain(StatusCode.Cancelled, ErrorReasons.Cancelled, "the caller cancelled");
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReceiveAsync(IAsyncStreamReader<RegisterIgvmRequest> stream, CancellationToken cancellation)
    {
        FileBuffer buffer = new(registrar.MaxFileBytes);
        bool isLast = false;
        while (await NextAsync(stream, cancellation))
        {
            RegisterIgvmRequest next = stream.Current;
            if (next.PartCase != RegisterIgvmRequest.PartOneofCase.Chunk)
            {
                throw FileErrors.Chunk(ViolationReasons.Required, "is required in every message but the first");
            }

            if (isLast || next.Chunk.Length is 0 or > LargestChunk)
            {
                throw FileErrors.Chunk(ViolationReasons.WrongLength, $"must be {SmallestChunk} to {LargestChunk} bytes long, fewer only in the last message");
            }

            isLast = next.Chunk.Length < SmallestChunk;
            if (!buffer.TryAdd(next.Chunk.Span))
            {
                throw FileErrors.TooLarge(registrar.MaxFileBytes);
            }
        }

        return buffer.Content;
    }
}
