using Verifier.Client.Options;

namespace Verifier.Client.Input;

/// <summary>
/// Evidence of several chips: a folder for each, with the names that <c>samples</c> has. Files that are not there are not given, so that a service
/// gathers them itself.
/// </summary>
internal static class EvidenceFolder
{
    private const string Report = "report.bin";

    private static readonly string[] Leaves = ["vcek.der", "vcek.pem", "vlek.der", "vlek.pem"];
    private static readonly string[] Bundles = ["chain.pem", "chain.der", "certs.pem", "certs.bin"];
    private static readonly string[] Lists = ["crl.der", "crl.pem"];

    /// <summary>The evidence of a folder that has a report, or else of each folder within it, in the order of their names.</summary>
    /// <exception cref="CommandFailure">There is no report, or a file cannot be read.</exception>
    public static IReadOnlyList<EvidenceFiles> Read(DirectoryInfo folder)
    {
        try
        {
            string[] folders = File.Exists(Path.Combine(folder.FullName, Report))
                ? [folder.FullName]
                : [.. Directory.EnumerateDirectories(folder.FullName).Where(d => File.Exists(Path.Combine(d, Report))).Order(StringComparer.Ordinal)];
            return folders.Length > 0
                ? [.. folders.Select(One)]
                : throw CommandFailure.Usage($"{folder}: neither the folder nor one within it has a {Report}");
        }
        catch (Exception e) when (InputFile.IsUnreadable(e))
        {
            throw CommandFailure.Usage($"{folder}: cannot be read: {e.Message}");
        }
    }

    private static EvidenceFiles One(string folder) => new(
        ReportFile.Read(new FileInfo(Path.Combine(folder, Report))),
        Those(folder, Leaves),
        Those(folder, Bundles),
        Those(folder, Lists));

    private static InputFile[] Those(string folder, string[] names) =>
        [.. names.Select(n => new FileInfo(Path.Combine(folder, n))).Where(f => f.Exists).Select(CertificateFiles.Read)];
}
