using System.Collections.Frozen;

namespace Verifier.Service.Identity.Rules;

/// <summary>What a caller may do in a tenant.</summary>
internal enum Role
{
    /// <summary>Never given.</summary>
    None = 0,

    /// <summary>Has evidence judged.</summary>
    Verifier = 1,

    /// <summary>Reads the registry, its log, policies and rules.</summary>
    Reader = 2,

    /// <summary>Registers, deprecates and revokes.</summary>
    Registrar = 3,

    /// <summary>Puts in use what others registered.</summary>
    Approver = 4,

    /// <summary>All of these, and policies, rules and settings.</summary>
    Admin = 5,
}

/// <summary>What roles imply.</summary>
internal static class Roles
{
    private static readonly FrozenSet<Role> Changing = FrozenSet.Create(Role.Registrar, Role.Approver, Role.Admin);

    public static bool CanChange(this Role role) => Changing.Contains(role);

    /// <summary>A role implies nothing else, except: admin implies all, registrar and approver imply reader.</summary>
    public static bool Implies(this Role held, Role wanted) =>
        held == wanted || held == Role.Admin || (wanted == Role.Reader && held is Role.Registrar or Role.Approver);
}
