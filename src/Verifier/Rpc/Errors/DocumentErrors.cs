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

    public static DocumentErrors Lift { get; } =
        new("verifier.v1.LiftRequest", "request", ErrorReasons.LiftRequestNotFound, ErrorReasons.LiftRequestExists);

    public static DocumentErrors Tenant { get; } = new("verifier.v1.Tenant", "tenant", ErrorReasons.TenantNotFound, ErrorReasons.TenantExists);

    public StoredDocument Unwrap(DocumentOutcome outcome, string name) => outcome is DocumentOutcome.Done done ? done.Document : throw Refusal(outcome, name);

    public RpcException Refusal(DocumentOutcome outcome, string name) => outcome switch
    {
        DocumentOutcome.AlreadyExists => Exists(name),
        DocumentOutcome.NotFound => NotFound(name),
        DocumentOutcome.EtagMismatch => ChangeErrors.EtagMismatch(Words, name),
        DocumentOutcome.TooMany => RpcErrors.Plain(
            StatusCode.ResourceExhausted, ErrorReasons.TooManyDocuments, $"there are as many of this kind as there may be: {DocumentLimits.PerKind}, deleted ones included"),
        DocumentOutcome.RequestIdReused => ChangeErrors.RequestIdReused(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public RpcException NotFound(string name) => RpcErrors.NotFound(Absent, $"there is no such {Words}", Type, name);

    public RpcException Exists(string name) => RpcErrors.AlreadyExists(Taken, $"there is {Article} {Words} with this id", Type, name);

    private string Article => Words[0] is 'i' ? "an" : "a";
}
