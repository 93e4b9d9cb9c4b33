using Verifier.Ledger;
using Verifier.Service.Hosting;

namespace Verifier.Service.Log;

/// <summary>
/// The highest head of each tenant that this service has seen, in one small file each. A service that starts again knows by it when the
/// store went back meanwhile. The file has the head's own signature.
/// </summary>
internal sealed class HighestHeads(string directory)
{
    private const int MaxLength = 16 * 1024;

    /// <summary>What was kept; null when nothing was. A file that cannot be understood is a fault, since it would otherwise hide a rollback.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public StoredHead? Read(string tenant)
    {
        string file = File(tenant);
        if (!System.IO.File.Exists(file))
        {
            return null;
        }

        using FileStream stream = System.IO.File.OpenRead(file);
        byte[] bytes = new byte[Math.Min(stream.Length, MaxLength)];
        stream.ReadExactly(bytes);
        return StoredHead.TryRead(bytes, out StoredHead? head) && head.SignedHead.Head.Tenant == tenant
            ? head
            : throw new InvalidDataException($"{file} is damaged. Compare the log with another instance, or with what clients remember; then remove the file.");
    }

    /// <summary>Durable when it returns; the file is either the old or the new one at every moment.</summary>
    public void Write(string tenant, ReadOnlySpan<byte> head)
    {
        Directory.CreateDirectory(directory);
        string file = File(tenant);
        PrivateFile.Write(file + ".new", head, FileMode.Create);
        PrivateFile.Publish(file + ".new", file, overwrite: true);
    }

    private string File(string tenant) => Path.Combine(directory, $"log-head-{tenant}.json");
}
