using System.Text;
using SevSnp.Certificates;
using SevSnp.Checks;
using Verifier.Client.Output;

namespace Verifier.Client.Input;

/// <summary>Bundles of AMD's key service as files, and what they are made of.</summary>
internal static class KdsBundleFiles
{
    /// <summary>One bundle of files and of the files directly in directories: bundles and PEM, certificates and lists in DER.</summary>
    /// <exception cref="CommandFailure">A file cannot be read, or holds something else.</exception>
    public static KdsBundle Read(IEnumerable<FileInfo> files)
    {
        List<AmdCertificate> certificates = [];
        List<RevocationList> lists = [];
        FileInfo[] given = [.. files];
        FileInfo[] found = [.. given.SelectMany(FilesOf)];

        // A directory that should have been mounted must not pass for a bundle in which all is well.
        if (given.Length > 0 && found.Length == 0)
        {
            throw new CommandFailure(ExitCode.Malformed, $"{given[0].Name}: holds no file");
        }

        foreach (FileInfo file in found)
        {
            InputFile input = InputFile.Read(file, KdsBundle.MaxSize);
            if (CertificateFiles.IsDer(input))
            {
                CertificateBundle one = CertificateFiles.Bundle([input]);
                Refuse(input.Name, one.Faults.Count > 0 ? one.Faults[0] : null);
                certificates.AddRange(one.Certificates);
                lists.AddRange(one.RevocationLists);
                continue;
            }

            if (!KdsBundle.TryParse(input.Bytes, out KdsBundle? bundle, out EvidenceFault fault))
            {
                throw CommandFailure.Malformed(input.Name, fault);
            }

            if (bundle.Certificates.Count + bundle.RevocationLists.Count == 0)
            {
                throw new CommandFailure(ExitCode.Malformed, $"{input.Name}: holds no certificate and no revocation list");
            }

            certificates.AddRange(bundle.Certificates);
            lists.AddRange(bundle.RevocationLists);
        }

        return certificates.FirstOrDefault(c => c.Role == CertificateRole.Vlek) is null
            ? KdsBundle.Of(certificates, lists)
            : throw CommandFailure.Usage("a VLEK comes with a report and is asked for nowhere", "leave it out");
    }

    /// <summary>The chips of an inventory.</summary>
    /// <exception cref="CommandFailure">It cannot be read, or a line is wrong.</exception>
    public static IReadOnlyList<InventoryChip> Inventory(FileInfo file)
    {
        InputFile input = InputFile.Read(file, ChipInventory.MaxSize);
        IReadOnlyList<InventoryChip> chips = ChipInventory.Parse(Encoding.UTF8.GetString(input.Bytes), out IReadOnlyList<string> faults);
        return faults.Count == 0 ? chips : throw CommandFailure.Usage(string.Join('\n', faults.Select(f => $"{input.Name}: {f}")));
    }

    public static void Write(FileInfo file, KdsBundle bundle) => OutputFile.Write(file, [new ReadOnlyMemory<byte>(Encoding.ASCII.GetBytes(bundle.ToPem()))]);

    private static IEnumerable<FileInfo> FilesOf(FileInfo given) =>
        Directory.Exists(given.FullName) ? new DirectoryInfo(given.FullName).GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal) : [given];

    private static void Refuse(string name, EvidenceFault? fault)
    {
        if (fault is { } found)
        {
            throw CommandFailure.Malformed(name, found);
        }
    }
}
