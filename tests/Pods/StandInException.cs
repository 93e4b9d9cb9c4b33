namespace Verifier.Pods;

/// <summary>Something that the real program would refuse too, or that this stand-in does not know: it never guesses.</summary>
internal sealed class StandInException(string message) : Exception(message);
