namespace Verifier.Service.Policies;

/// <summary>Ids of policies with a meaning of their own.</summary>
internal static class PolicyNames
{
    /// <summary>The policy in force.</summary>
    public const string InForce = "default";

    /// <summary>The one that is in force where none was applied. Never stored.</summary>
    public const string BuiltIn = "builtin";
}
