using Grpc.Core;
using Verifier.Service.Documents;

namespace Verifier.Service.Rpc.Errors;

/// <summary>How a change of a document ended, as the document or as a typed error.</summary>
/// <param name="Type">Type of the resource.</param>
/// <param name="Words">What it is called.</param>
/// <param name="Absent">Reason when there is none.</param>
/// <param name="Taken">Reason when there is one already.</param>
internal sealed record DocumentErrors(string Type, string Words, string Absent, string Taken)
{
    public static DocumentErrors Rule { get; } =
        new("verifier.v1.IdentityRule", "identity rule", ErrorReasons.IdentityRuleNotFound, ErrorReasons.IdentityRuleExists);

    public static DocumentErrors Tenant { get; } = new("verifier.v1.Tenant", "tenant", ErrorReasons.TenantNotFound, ErrorReasons.TenantExists);

    public StoredDocument Unwrap(DocumentOutcome outcome, string name) => outcome switch
    {
        DocumentOutcome.Done done => done.Document,
        DocumentOutcome.AlreadyExists => throw Exists(name),
        DocumentOutcome.NotFound => throw NotFound(name),
        DocumentOutcome.EtagMismatch => throw RpcErrors.Plain(
            StatusCode.Aborted, ErrorReasons.EtagMismatch, $"the {Words} has changed since it was read", ("name", name)),
        DocumentOutcome.TooMany => throw RpcErrors.Plain(
            StatusCode.ResourceExhausted, ErrorReasons.TooManyDocuments, $"there are as many of this kind as there may be: {DocumentLimits.PerKind}, deleted ones included"),
        DocumentOutcome.RequestIdReused => throw RpcErrors.Precondition(
            ErrorReasons.RequestIdReused, "the request id was used before for a request with other content", "request_id"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public RpcException NotFound(string name) => RpcErrors.NotFound(Absent, $"there is no such {Words}", Type, name);

    public RpcException Exists(string name) => RpcErrors.AlreadyExists(Taken, $"there is {Article} {Words} with this id", Type, name);

    private string Article => Words[0] is 'i' ? "an" : "a";
}
