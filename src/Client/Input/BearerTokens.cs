using System.Text;

namespace Verifier.Client.Input;

/// <summary>A bearer token of the user's: one line of printable characters.</summary>
internal static class BearerTokens
{
    private const int MaxToken = 8 * 1024;

    public static string OfFile(FileInfo file) => Check(Encoding.Latin1.GetString(InputFile.Read(file, MaxToken).Bytes), file.ToString());

    public static string OfVariable(CliContext context, string name) =>
        Check(context.Variable(name) ?? throw CommandFailure.Usage($"there is no environment variable {name}"), $"environment variable {name}");

    private static string Check(string text, string origin)
    {
        string token = text.Trim();
        return token.Length is > 0 and <= MaxToken && token.All(c => c is > ' ' and < '\x7f')
            ? token
            : throw CommandFailure.Usage($"{origin}: a token is one line of printable characters");
    }
}
