namespace Verifier.Client;

internal static class Program
{
    private static int Main() => 1;
}
