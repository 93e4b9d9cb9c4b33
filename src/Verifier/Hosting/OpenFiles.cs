using System.Globalization;

namespace Verifier.Service.Hosting;

/// <summary>
/// How many files the process may have open. A process that has used them up ends: the runtime cannot even load its own assemblies. So
/// connections are turned away before that.
/// </summary>
internal static class OpenFiles
{
    /// <summary>What assemblies, stores, other clients and the runtime need; about 290 were seen in a service that nobody called.</summary>
    public const int Reserve = 400;

    /// <summary>Of these, what connections may take that were accepted and are about to be turned away.</summary>
    public const int Undecided = 32;

    /// <summary>Of these, what each of at most five listeners may take when all others have everything else.</summary>
    public const int OfListener = 12;

    private const int Fewest = 16;
    private const string Name = "Max open files";

    /// <summary>The limit of the system; null where it is not told, or there is none.</summary>
    public static int? Limit { get; } = OperatingSystem.IsLinux() ? Read(Lines()) : null;

    /// <summary>So many connections, or how many the limit leaves room for.</summary>
    public static int Connections(int wanted, int? limit) => limit is { } files ? Math.Min(wanted, Math.Max(Fewest, files - Reserve)) : wanted;

    /// <summary>Reads <c>/proc/self/limits</c>.</summary>
    public static int? Read(IEnumerable<string> lines)
    {
        string? line = lines.FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal));
        string? soft = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? limit : null;
    }

    private static string[] Lines()
    {
        try
        {
            return File.ReadAllLines("/proc/self/limits");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
