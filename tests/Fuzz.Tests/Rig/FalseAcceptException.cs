namespace Verifier.Fuzz.Tests.Rig;

/// <summary>The worst that can happen: something was accepted that nobody genuine has signed.</summary>
internal sealed class FalseAcceptException(string message) : Exception(message)
{
    /// <summary>Demands what must hold of everything that is accepted.</summary>
    public static void Unless(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FalseAcceptException(otherwise);
        }
    }
}
