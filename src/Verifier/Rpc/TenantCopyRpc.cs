using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Verifier.Contracts.V1;
using Verifier.Ledger;
using Verifier.Service.Log;
using Verifier.Service.Log.Copies;
using Verifier.Service.Rpc.Errors;
using Verifier.Service.Rpc.Mapping;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Verifier.Service.Rpc;

/// <summary>Copies of tenants: out, and into an empty one. One import at a time, through a file, so that memory does not grow with it.</summary>
[BindServiceMethod(typeof(TenantCopyRpc), nameof(Bind))]
internal sealed class TenantCopyRpc(TenantCopies copies, LogMapping mapping, IOptions<LogOptions> options, TimeProvider clock) : LogService.LogServiceBase
{
    private const int Piece = 256 << 10;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(10);

    public static ServiceDescriptor Descriptor => LogService.Descriptor;

    public static void Bind(ServiceBinderBase binder, LogService.LogServiceBase service) =>
        LogService.BindService(new StrictBinder(binder, method => method is nameof(ExportTenant) or nameof(ImportTenant)), service);

    public override async Task ExportTenant(ExportTenantRequest request, IServerStreamWriter<ExportTenantResponse> responseStream, ServerCallContext context)
    {
        using MemoryStream gathered = new();
        await foreach (byte[] line in copies.ExportAsync(LogMapping.Tenant(request.Parent), context.CancellationToken))
        {
            gathered.Write(line);
            if (gathered.Length >= Piece)
            {
                await SendAsync(gathered, responseStream, context.CancellationToken);
            }
        }

        await SendAsync(gathered, responseStream, context.CancellationToken);
    }

    public override async Task<ImportTenantResponse> ImportTenant(IAsyncStreamReader<ImportTenantRequest> requestStream, ServerCallContext context)
    {
        // The right is asked for with the first message: whoever has none must not keep the place of one who has.
        bool any = await FirstAsync(requestStream, context.CancellationToken);
        if (!copies.TryBegin())
        {
            throw RpcErrors.Busy(ErrorReasons.TooManyImports, "the service imports another copy; nothing was stored", BusyRetry);
        }

        try
        {
            await using FileStream copy = copies.Spool();
            string tenant = await ReceiveAsync(requestStream, any, copy, context.CancellationToken);
            SignedTreeHead head = await copies.ImportAsync(tenant, copy, context.CancellationToken)
                ?? throw RpcErrors.Precondition(ErrorReasons.TenantNotEmpty, "a copy is restored into an empty tenant only; nothing was stored", $"tenants/{tenant}");
            return new ImportTenantResponse { Head = mapping.ToProto(tenant, head) };
        }
        catch (CopyRefusedException e)
        {
            throw RpcErrors.Plain(StatusCode.InvalidArgument, ErrorReasons.CopyRefused, $"the copy does not hold; nothing was stored: {e.Message}");
        }
        finally
        {
            copies.End();
        }
    }

    private static async Task SendAsync(MemoryStream gathered, IServerStreamWriter<ExportTenantResponse> stream, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte> all = gathered.GetBuffer().AsMemory(0, (int)gathered.Length);
        for (int at = 0; at < all.Length; at += Piece)
        {
            ReadOnlyMemory<byte> piece = all[at..Math.Min(all.Length, at + Piece)];
            await stream.WriteAsync(new ExportTenantResponse { Lines = ByteString.CopyFrom(piece.Span) }, cancellation);
        }

        gathered.SetLength(0);
    }

    private async Task<bool> FirstAsync(IAsyncStreamReader<ImportTenantRequest> stream, CancellationToken cancellation)
    {
        using CancellationTokenSource silence = new(LongestSilence, clock);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        try
        {
            return await ChunkedFile.NextAsync(stream, end.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw RpcErrors.Plain(StatusCode.DeadlineExceeded, ErrorReasons.StreamIdle, "nothing came for a minute; nothing was stored");
        }
    }

    private async Task<string> ReceiveAsync(IAsyncStreamReader<ImportTenantRequest> stream, bool any, FileStream copy, CancellationToken cancellation)
    {
        string? tenant = null;
        using CancellationTokenSource silence = new(LongestSilence, clock);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        try
        {
            for (bool more = any; more; more = await ChunkedFile.NextAsync(stream, end.Token))
            {
                silence.CancelAfter(LongestSilence);
                ImportTenantRequest part = stream.Current;
                tenant = tenant is null ? LogMapping.Tenant(part.Parent)
                    : part.Parent.Length == 0 ? tenant
                    : throw FileErrors.Chunk("parent", ViolationReasons.OutOfRange, "stands in the first message only");
                if (copy.Length + part.Lines.Length > options.Value.MaxImportBytes)
                {
                    throw RpcErrors.Plain(StatusCode.ResourceExhausted, ErrorReasons.FileTooLarge, "the copy is larger than the service takes", ("limit", $"{options.Value.MaxImportBytes}"));
                }

                await copy.WriteAsync(part.Lines.Memory, end.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw RpcErrors.Plain(StatusCode.DeadlineExceeded, ErrorReasons.StreamIdle, "nothing came for a minute; nothing was stored");
        }

        return tenant ?? LogMapping.Tenant("");
    }
}
