using Grpc.Core;
using SevSnp.Firmware;
using SevSnp.Igvm;
using Verifier.Service.Registry.Files;
using Verifier.Service.Rpc.Errors;

namespace Verifier.Service.Rpc.Mapping;

/// <summary>Why a file was not registered, as typed errors.</summary>
internal static class FileErrors
{
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(5);

    public static RpcException TooLarge(int limit) => RpcErrors.Plain(
        StatusCode.ResourceExhausted, ErrorReasons.FileTooLarge, "the file is larger than the service takes", ("limit", $"{limit}"));

    public static RpcException Busy() => RpcErrors.Busy(
        ErrorReasons.TooManyRegistrations, "the service measures as many files as it takes at a time; nothing was stored", BusyRetry);

    public static RpcException Chunk(string field, string reason, string text) => RpcErrors.InvalidRequest([new FieldViolation(field, reason, text)]);

    /// <summary>The measured file, or the error for anything else.</summary>
    public static FileOutcome.Measured Unwrap(FileOutcome outcome) => outcome switch
    {
        FileOutcome.Measured measured => measured,
        FileOutcome.Malformed { Fault: var fault } => throw RpcErrors.Plain(
            StatusCode.InvalidArgument,
            ErrorReasons.MalformedFile,
            $"file: {fault}",
            ("fault", fault.Id.WireName()),
            ("field", fault.Field),
            ("offset", $"{fault.Offset}"),
            ("rule", fault.Rule)),
        FileOutcome.NotMeasurable { Fault: var fault } => throw RpcErrors.Plain(
            StatusCode.InvalidArgument, ErrorReasons.FileNotMeasurable, $"file: {fault}", ("fault", fault.WireName), ("launch", fault.Launch)),
        FileOutcome.FirmwareRefused { Fault: var fault } => throw RpcErrors.Plain(
            StatusCode.InvalidArgument,
            ErrorReasons.FileNotMeasurable,
            $"firmware: {fault}",
            ("fault", fault.Id.WireName()),
            ("field", fault.Field),
            ("offset", $"{fault.Offset}"),
            ("rule", fault.Rule)),
        FileOutcome.FileDiffers differs => throw RpcErrors.Plain(
            StatusCode.InvalidArgument,
            ErrorReasons.FileDiffers,
            "the file is not the one whose digest or size is stated; nothing was stored",
            ("file_sha384", differs.FileSha384.ToString()),
            ("file_size", $"{differs.FileSize}")),
        FileOutcome.DigestDiffers differs => throw RpcErrors.Plain(
            StatusCode.InvalidArgument, ErrorReasons.DigestDiffers, "an asserted digest is none of the computed ones; nothing was stored", ("digest", differs.Asserted.ToString())),
        FileOutcome.PolicyContradicts => throw RpcErrors.InvalidRequest(
            [new FieldViolation("registration.constraints.guest_policy", ViolationReasons.Contradictory, "contradicts the guest policy that the file asks for")]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
