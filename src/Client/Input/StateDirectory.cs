namespace Verifier.Client.Input;

/// <summary>Where this program and a service on the same machine keep what belongs to the user: <c>$XDG_STATE_HOME</c>, or <c>~/.local/state</c>.</summary>
internal static class StateDirectory
{
    private const string Name = "sev-snp-verifier";

    /// <summary>Null where the environment names no full path to one.</summary>
    public static string? Find(CliContext context) =>
        Full(context, "XDG_STATE_HOME") is { } state ? Path.Combine(state, Name)
        : Full(context, "HOME") is { } home ? Path.Combine(home, ".local", "state", Name)
        : Full(context, "LOCALAPPDATA") is { } local ? Path.Combine(local, Name)
        : null;

    private static string? Full(CliContext context, string variable) => context.Variable(variable) is { } path && Path.IsPathFullyQualified(path) ? path : null;
}
