using Google.Protobuf;
using Verifier.Service.Identity.Rules;
using Verifier.Service.Rpc.Mapping;

namespace Verifier.Service.Rpc;

/// <summary>What a request is about, for the question who may make it.</summary>
/// <param name="Tenant">The tenant that it names.</param>
/// <param name="Id">The id of the reference value that it names; null when it names none.</param>
internal readonly record struct RequestScope(string Tenant, string? Id);

/// <summary>The right that a method demands, and how its requests tell where.</summary>
/// <param name="Role">The role; none for methods that everybody may call.</param>
/// <param name="ScopeOf">Reads the scope off a message; null where a message of a stream belongs to what came before it.</param>
internal sealed record MethodRight(Role Role, Func<IMessage, RequestScope?> ScopeOf)
{
    public static MethodRight Everybody { get; } = new(Role.None, _ => null);

    /// <summary>The request names its tenant by itself, by the name of a parent or by that of a resource.</summary>
    public static MethodRight Of<TRequest>(Role role, Func<TRequest, string> name)
        where TRequest : IMessage => new(role, message => NameMapping.ScopeOf(name((TRequest)message)));

    /// <summary>A resource that is to be made under a parent, with an id.</summary>
    public static MethodRight Of<TRequest>(Role role, Func<TRequest, string> parent, Func<TRequest, string> id)
        where TRequest : IMessage => new(role, message => NameMapping.ScopeOf(parent((TRequest)message)) with { Id = id((TRequest)message) });

    /// <summary>The request names its tenant without any path.</summary>
    public static MethodRight OfTenant<TRequest>(Role role, Func<TRequest, string> tenant)
        where TRequest : IMessage => new(role, message => NameMapping.ScopeOf(tenant((TRequest)message) is { Length: > 0 } id ? $"tenants/{id}" : ""));

    /// <summary>A stream whose first message tells.</summary>
    public static MethodRight OfStream<TRequest>(Role role, Func<TRequest, (string Parent, string Id)?> first)
        where TRequest : IMessage =>
        new(role, message => first((TRequest)message) is var (parent, id) ? NameMapping.ScopeOf(parent) with { Id = id } : null);
}
