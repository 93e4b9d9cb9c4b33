namespace Verifier.Fuzz.Tests.Rig;

/// <summary>The worst that can happen: something was accepted that nobody genuine has signed.</summary>
internal sealed class FalseAcceptException(string message) : Exception(message);
