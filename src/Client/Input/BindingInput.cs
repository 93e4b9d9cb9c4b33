using Google.Protobuf;
using SevSnp.Policies;
using SevSnp.Primitives;
using V1 = Verifier.Contracts.V1;

namespace Verifier.Client.Input;

/// <summary>The binding that was asked for. At most one scheme is set.</summary>
internal sealed record BindingInput(HexBytes? ReportData, HexBytes? Nonce, InputFile? SvsmManifest, bool UnsafeSkip)
{
    /// <summary>A challenge of the service, in place of a nonce. Never given to the library, which issues none.</summary>
    public InputFile? Challenge { get; init; }

    public bool IsStated => ReportData is not null || Nonce is not null || Challenge is not null;

    /// <summary>The nonce that a result about this question carries; null for exact bytes.</summary>
    public HexBytes? SentNonce => Challenge is { } challenge ? new HexBytes(challenge.Bytes) : Nonce;

    /// <summary>For the library; null when none was asked for.</summary>
    public ReportDataBinding? ToLibrary()
    {
        if (!IsStated)
        {
            return null;
        }

        ReportDataBinding? binding;
        string rule;
        bool ok = this switch
        {
            { ReportData: { } exact } => ReportDataBinding.TryExact(exact.Span, out binding, out rule),
            { SvsmManifest: { } manifest } => ReportDataBinding.TrySvsmManifest(Nonce!.Span, manifest.Bytes, out binding, out rule),
            _ => ReportDataBinding.TryNonce(Nonce!.Span, out binding, out rule),
        };
        return ok ? binding : throw CommandFailure.Usage($"the binding is not well formed: {rule}");
    }

    /// <summary>For the service; null when none was asked for.</summary>
    public V1.ReportDataBinding? ToRequest() => this switch
    {
        { ReportData: { } exact } => new() { ReportData = ByteString.CopyFrom(exact.Span) },
        { Challenge: { } challenge, SvsmManifest: { } manifest } => new()
        {
            Challenge = new() { Challenge = ByteString.CopyFrom(challenge.Bytes), SvsmManifest = ByteString.CopyFrom(manifest.Bytes) },
        },
        { Challenge: { } challenge } => new() { Challenge = new() { Challenge = ByteString.CopyFrom(challenge.Bytes) } },
        { Nonce: { } nonce, SvsmManifest: { } manifest } => new()
        {
            SvsmManifest = new() { Nonce = ByteString.CopyFrom(nonce.Span), Manifest = ByteString.CopyFrom(manifest.Bytes) },
        },
        { Nonce: { } nonce } => new() { Nonce = ByteString.CopyFrom(nonce.Span) },
        _ => null,
    };
}
