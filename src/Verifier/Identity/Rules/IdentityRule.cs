namespace Verifier.Service.Identity.Rules;

/// <summary>Gives roles in its tenant to whoever it matches.</summary>
internal sealed record IdentityRule(IdentityCondition Condition, IReadOnlyList<Role> Roles)
{
    public string Description { get; init; } = "";

    /// <summary>Ids of reference values that a registrar of this rule may name begin with this. Empty: any.</summary>
    public string IdPrefix { get; init; } = "";

    public IEnumerable<Grant> Grants(Caller caller) => Condition.Matches(caller) ? Roles.Select(role => new Grant(role, role == Role.Registrar ? IdPrefix : "")) : [];
}

/// <summary>A role that a caller has in a tenant, perhaps for some ids only.</summary>
internal readonly record struct Grant(Role Role, string IdPrefix)
{
    /// <summary>Whether it allows what is wanted, of a resource with this id where one is named. A role that is bound to a prefix never allows to leave the choice of the id to somebody else.</summary>
    public bool Allows(Role wanted, string? id) =>
        Role.Implies(wanted) && (IdPrefix.Length == 0 || wanted != Role || (id is not null && id.StartsWith(IdPrefix, StringComparison.Ordinal)));
}
