using System.Security.Cryptography;
using System.Text;
using Verifier.Fuzz.Tests.Mutators;
using Verifier.Fuzz.Tests.Rig;
using Verifier.Ledger;
using Verifier.Service.Log.Copies;

namespace Verifier.Fuzz.Tests.Documents;

/// <summary>Mutants of what the log and copies of a tenant are made of: each has one form only.</summary>
public sealed class LogFuzzTests
{
    [Fact]
    [Trait("target", "log")]
    public void Entries_AreReadInOneFormOnly() => FuzzDriver.Run(new LogTarget());

    [Fact]
    public void GoodEntries_AreRead() =>
        Assert.All(new LogTarget().Formats, f => Assert.All(f.Seeds, s => Assert.Equal("read", f.Try(s, new Meter()))));
}

/// <summary>Entries, heads, lines of copies, keys.</summary>
internal sealed class LogTarget : FormatTarget
{
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly byte[][] Entries = [Entry(false), Entry(true)];

    public override string Name => "log";

    public override int FewestKinds => 12;

    public override bool IsKept => false;

    public override IReadOnlyList<Format> Formats { get; } =
    [
        new("entry", Entries, JsonMutator.Mutate, ReadEntry),
        new("head", [Head(0), Head(5), Head(8)], JsonMutator.Mutate, ReadHead),
        new("line", [.. Lines()], JsonMutator.Mutate, ReadLine),
        new("key", [Encoding.ASCII.GetBytes(Key.ExportSubjectPublicKeyInfoPem() + "\n")], TextMutator.Mutate, ReadKey),
    ];

    private static string ReadEntry(byte[] input, Meter meter)
    {
        if (!LogEntry.TryRead(input, out LogEntry? entry, out EntryFault fault))
        {
            return Kind($"{fault.Id} {fault.Rule}");
        }

        Assert.Equal(input, entry.Encode());
        return "read";
    }

    private static string ReadHead(byte[] input, Meter meter)
    {
        if (!StoredHead.TryRead(input, out StoredHead? head))
        {
            return "refused";
        }

        Assert.Equal(input, head.Encode());
        return "read";
    }

    private static string ReadLine(byte[] input, Meter meter)
    {
        if (CopyLine.Read(input) is not { } line)
        {
            return "refused";
        }

        Assert.Equal([.. input, (byte)'\n'], line.Encode());
        return "read";
    }

    private static string ReadKey(byte[] input, Meter meter)
    {
        if (!LogKeys.TryReadPublic(Encoding.Latin1.GetString(input), out ECDsa? key))
        {
            return "refused";
        }

        using (key)
        {
            Assert.True(LogKeys.IsId(LogKeys.Id(key)));
            return "read";
        }
    }

    private static byte[] Entry(bool full)
    {
        LogEntry entry = new()
        {
            Tenant = "default",
            At = new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero),
            Action = "create",
            Resource = "referenceValues/coconut",
            Actor = new EntryActor("ci", "", "", new Dictionary<string, string>()),
        };
        return (full
            ? entry with
            {
                Action = "revoke",
                Actor = new EntryActor("ci \u00e9", "https://issuer.example", "repo:octo", new Dictionary<string, string> { ["ref"] = "refs/tags/v1", ["sha"] = "00" }),
                Reason = "CVE-2026-0001",
                Before = Encoding.UTF8.GetBytes("""{"v":1,"a":[1,2,{"b":null}]}"""),
                After = Encoding.UTF8.GetBytes("""{"v":1}"""),
                Revoked = [new string('a', 96)],
                Lifted = [new string('b', 96), new string('c', 96)],
            }
            : entry).Encode();
    }

    private static byte[] Head(int size)
    {
        TreeFrontier frontier = TreeFrontier.Empty;
        for (int i = 0; i < size; i++)
        {
            frontier = frontier.Append(TreeHashing.Leaf([(byte)i]));
        }

        return StoredHead.Sign(new HeadSigner(Key), "default", frontier, new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero)).Encode();
    }

    private static IEnumerable<byte[]> Lines() => new CopyLine[]
    {
        new() { V = CopyLine.CurrentVersion, Tenant = "default", Head = Head(2) },
        new() { Entry = Entries[1] },
        new() { Near = Encoding.UTF8.GetBytes("""{"v":1}""") },
        new() { End = new byte[32] },
    }.Select(l => l.Encode()[..^1]);
}
