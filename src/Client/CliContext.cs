namespace Verifier.Client;

/// <summary>The surroundings of one run, so that commands read neither environment nor clock nor console by themselves.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Errors, hints and remarks.</param>
/// <param name="UseColor">True when results go to a terminal that wants colour.</param>
/// <param name="Clock">The time.</param>
/// <param name="ShowProgress">True when errors go to a terminal, where somebody may be waiting.</param>
internal sealed record CliContext(TextWriter Out, TextWriter Error, bool UseColor, TimeProvider Clock, bool ShowProgress = false)
{
    /// <summary>Reads an environment variable; by default there are none.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;
}
